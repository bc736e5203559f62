import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EsmsStandIn } from '../../src/demo/providers/esms.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import { esmsBench } from '../support/esms.js';
import { esmsEnv, LAN, smsBench, type SmsBench } from '../support/sms.js';

let esms: EsmsStandIn;
let bench: SmsBench;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ esms, bench, close } = await esmsBench());
});
afterEach(() => close());

describe('texts registered with the operators', () => {
  const register = (more: Partial<Parameters<typeof saveZbsTemplate>[2]> = {}) => saveZbsTemplate(bench.ctx, { kind: 'system', name: 'test' }, {
    channel: 'sms', templateId: '458', kind: 'task-reminder', sample: 'Nhắc việc {P1,20}: {P2,12}, hạn {P3,10}.', enabled: true,
    params: [{ name: 'P1', type: 'STRING', maxLength: 20, from: 'code' }, { name: 'P2', type: 'STRING', maxLength: 12, from: 'content' }, { name: 'P3', type: 'STRING', maxLength: 10, from: 'dueOn' }], ...more,
  });
  const reminder = { kind: 'task-reminder', text: 'Nhắc việc tự do', params: { code: 'NV-2026-00012', content: 'Báo cáo tiến độ\ngiải ngân', dueOn: '24/11/2026' } };

  test('the registered text goes out, its blanks filled and short enough, letter by letter as the operator knows it', async () => {
    await register();
    esms.register(/^Nhac viec .{0,20}: .{0,12}, han .{0,10}\.$/);
    expect(await bench.send(reminder)).toMatchObject({ kind: 'accepted' });
    expect(esms.messagesOf(LAN)[0]?.text).toBe('Nhac viec NV-2026-00012: Bao cao tien, han 24/11/2026.');
  });

  test('a text that would not be recognised is refused here, with the reason, and without a call', async () => {
    await register({ sample: `Nhắc việc {P1,20}. ${'Đề nghị triển khai. '.repeat(40)}`, params: [{ name: 'P1', type: 'STRING', maxLength: 20, from: 'code' }] });
    expect(await bench.send(reminder)).toEqual({ kind: 'unreachable', code: 'sms-template-mismatch' });
    expect(esms.calls()).toEqual([]);
    expect(bench.channel.health()).toMatchObject({ state: 'ok', problem: expect.stringContaining('không khớp mẫu') });
  });

  test('kinds without a template: free text, unless only registered texts may go', async () => {
    await register();
    expect(await bench.send({ text: 'Tin khác', kind: 'task-returned' })).toMatchObject({ kind: 'accepted' });
    const strict = await smsBench({ ...esmsEnv(esms), SMS_TEMPLATES_ONLY: 'true' });
    expect(await strict.send({ text: 'Tin khác', kind: 'task-returned' })).toEqual({ kind: 'unreachable', code: 'sms-no-template' });
    expect(strict.channel.health()).toMatchObject({ problem: expect.stringContaining('chưa có mẫu') });
    await strict.close();
    expect(esms.calls()).toHaveLength(1);
  });

  test('a template of Zalo\'s is none for SMS', async () => {
    await register({ channel: 'zbs', sample: 'Nhắc việc <ma>' });
    await bench.send(reminder);
    expect(esms.messagesOf(LAN)[0]?.text).toBe('Nhac viec tu do');
  });
});
