import { randomUUID } from 'node:crypto';
import { connect as connectTls } from 'node:tls';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createTelegram } from '../../bots/telegram/index.js';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { isLoopback, waysOut } from '../../src/delivery/at-home.js';
import { createTransport } from '../../src/mail/sender.js';
import { Secret } from '../../src/kernel/secret.js';
import { createHeartbeat } from '../../src/watch/heartbeat.js';
import { createSms } from '../../src/sms/index.js';
import { chanceOfTest } from '../support/chance.js';
import { testCtx, testUri } from '../support/test-ctx.js';

/** Addresses nobody answers at; were the lock open, the time-out of the test would tell. 192.0.2.0/24 is for documents (RFC 5737). */
const real = {
  telegram: { TELEGRAM_BOT_TOKEN: '123456:AAbbCCdd', TELEGRAM_API_ROOT: 'https://api.telegram.org' },
  esms: { SMS_DRIVER: 'esms', SMS_BRANDNAME: 'UBND', SMS_ESMS_API_KEY: 'k', SMS_ESMS_SECRET_KEY: 's', SMS_ESMS_ROOT: 'https://rest.esms.vn' },
  smpp: { SMS_DRIVER: 'smpp', SMS_BRANDNAME: 'UBND', SMS_SMPP_URL: 'smpp://user:pass@192.0.2.7:2775' },
  zalo: { ZALO_APP_ID: '1', ZALO_APP_SECRET: 's', ZALO_OA_SECRET_KEY: 'k' },
  mail: { SMTP_URL: 'smtp://user:pass@mail.laocai.gov.vn:587', MAIL_FROM: 'nhacviec@laocai.gov.vn' },
  alarm: { ALARM_EMAILS: 'a@b.vn', ALARM_SMTP_URL: 'smtp://mail.laocai.gov.vn' },
  heartbeat: { HEARTBEAT_URL: 'https://hc-ping.com/abc' },
} as const;
const config = (env: Record<string, string>) => readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...env });
const start = (env: Record<string, string>, seams: { demo?: boolean } = {}) =>
  createApp(config(env), { random: chanceOfTest(), log: pino({ level: 'silent' }), db: { uri: testUri(), name: `story_${randomUUID().slice(0, 8)}` }, background: false, admin: false, ...seams });

describe('at the start', () => {
  test.each(Object.entries(real))('a test with the real address of %s does not start, and is told which setting leads out', async (_name, env) => {
    const problem = await start(env).then(() => null, (error: unknown) => error as Error & { variables?: string[] });
    expect(problem?.name).toBe('WayOutError');
    expect(problem?.variables?.length).toBeGreaterThan(0);
    // Names of settings, and no token, password or host.
    expect(problem?.message).not.toMatch(/AAbbCCdd|pass|laocai|telegram\.org/);
  });

  test('nor does the demonstration, whatever NODE_ENV says', async () => {
    await expect(start({ NODE_ENV: 'development', ...real.telegram }, { demo: true })).rejects.toThrow('TELEGRAM_API_ROOT');
  });

  test('a stand-in on another machine has to be named; a channel that is off needs nothing', () => {
    expect(waysOut(config({ ...real.telegram, TELEGRAM_API_ROOT: 'http://stand-ins:8081' }))).toEqual(['TELEGRAM_API_ROOT']);
    expect(waysOut(config({ ...real.telegram, TELEGRAM_API_ROOT: 'http://stand-ins:8081', STAND_IN_HOSTS: 'other, stand-ins' }))).toEqual([]);
    expect(waysOut(config({}))).toEqual([]);
    expect(waysOut(config({ ...real.telegram, TELEGRAM_API_ROOT: 'http://127.0.0.1:9' }))).toEqual([]);
  });

  test.each(['127.0.0.1', 'localhost', '[::1]', '127.8.9.10', '::ffff:127.0.0.1'])('%s is this machine', (host) => expect(isLoopback(host)).toBe(true));
  test.each(['127.0.0.1.evil.vn', 'localhost.vn', '10.0.0.1', '1.127.0.0', '::2'])('%s is not', (host) => expect(isLoopback(host)).toBe(false));
});

describe('at the sockets, should a client be handed a real address all the same', () => {
  const message = { text: 'Nhắc việc' };
  const signal = () => AbortSignal.timeout(20_000);
  const nowhere = { receive: async () => {}, receipt: async () => {} };

  test('Telegram and eSMS over HTTPS: the call fails as a refused connection and nothing was sent', async () => {
    const { ctx, close } = await testCtx(undefined, { ...real.telegram, ...real.esms });
    const telegram = createTelegram(ctx, nowhere);
    expect(await telegram.sender.send('88', message, { key: 'k', signal: signal() })).toMatchObject({ kind: 'retry' });
    const sms = createSms(ctx, nowhere);
    expect(await sms.sender.send('84912345678', message, { key: 'k', signal: signal() })).toMatchObject({ kind: 'retry', code: 'no-connection', maybeSent: false });
    await Promise.all([telegram.stop?.(), sms.stop?.()]);
    await close();
  });

  test('SMPP, SMTP and the heartbeat', async () => {
    const { ctx, close } = await testCtx(undefined, real.smpp);
    const sms = createSms(ctx, nowhere);
    await sms.start?.();
    expect(await sms.sender.send('84912345678', message, { key: 'k', signal: AbortSignal.timeout(500) })).toMatchObject({ kind: 'retry', maybeSent: false });
    await sms.stop?.();
    await close();
    const transport = createTransport('smtp://192.0.2.7:2525');
    await expect(transport.verify()).rejects.toMatchObject({ code: expect.stringMatching(/ECONNREFUSED|ESOCKET|ECONNECTION/) });
    transport.close();
    await expect(createHeartbeat(new Secret('https://hc-ping.com/abc'))('ổn')).rejects.toThrow();
  });

  test('whatever opens a socket: fetch, TLS, a bare port', async () => {
    await expect(fetch('https://openapi.zalo.me/v3.0/oa/message/cs')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED', message: 'refused: openapi.zalo.me is beyond this machine' } });
    const tls = connectTls({ host: '192.0.2.7', port: 443 });
    const why = await new Promise<Error>((resolve) => tls.once('error', resolve));
    expect(why).toMatchObject({ code: 'ECONNREFUSED', message: 'refused: an address is beyond this machine' });
  });
});
