import { expect, test } from 'vitest';
import fc from 'fast-check';
import { isSignedByZalo, macOf } from '../../../bots/zalo/oa/verify.js';
import { Secret } from '../../../src/kernel/secret.js';

const key = new Secret('oa-secret-example');
const rawBody = Buffer.from(
  '{"app_id":"1234567890123456789","user_id_by_app":"987","event_name":"user_send_text","timestamp":"1735689600123","sender":{"id":"111"},"recipient":{"id":"222"},"message":{"text":"/capnhat 12 hoàn thành","msg_id":"m1"}}',
);
const event = { appId: '1234567890123456789', rawBody, timestamp: '1735689600123' };
const mac = '2850a5abdde08521c50b771bd4426fe0172c88d995dd2e12ed56ba1de3c65c84';

test('the mac of the known body', () => {
  expect(macOf(event, key)).toBe(mac);
  expect(isSignedByZalo(event, `mac=${mac}`, key)).toBe(true);
  expect(isSignedByZalo(event, `mac=${mac.toUpperCase()}`, key)).toBe(true);
});

test('any other key, app, time or byte is refused', () => {
  const sound = { ...event };
  const wrong = [
    isSignedByZalo(sound, `mac=${mac}`, new Secret('app-secret')),
    isSignedByZalo({ ...sound, appId: '1' }, `mac=${mac}`, key),
    isSignedByZalo({ ...sound, timestamp: '1735689600124' }, `mac=${mac}`, key),
    isSignedByZalo({ ...sound, rawBody: Buffer.from(JSON.stringify(JSON.parse(rawBody.toString()), null, 1)) }, `mac=${mac}`, key),
  ];
  expect(wrong).toEqual([false, false, false, false]);
});

test('no header a stranger can think of passes or throws', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (header) => !isSignedByZalo(event, header, key)));
  fc.assert(fc.property(fc.stringMatching(/^mac=[0-9a-f]{0,70}$/), (header) => !isSignedByZalo(event, header, key)));
});
