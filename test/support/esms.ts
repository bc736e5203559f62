import { expect } from 'vitest';
import type { EsmsStandIn } from '../../src/demo/providers/esms.js';
import { CALLBACK_SECRET, esmsEnv, LAN, smsBench, startEsms, type SmsBench } from './sms.js';
import { TestClock } from './test-clock.js';

/** The SMS channel on eSMS's stand-in. Closing it checks that no key and no number was seen. */
export async function esmsBench(): Promise<{ esms: EsmsStandIn; bench: SmsBench; close(): Promise<void> }> {
  const esms = await startEsms(new TestClock('2026-11-23T01:00:00Z'));
  const bench = await smsBench({ ...esmsEnv(esms), PUBLIC_URL: 'http://127.0.0.1:9' });
  const close = async () => {
    const told = JSON.stringify(bench.outcomes) + JSON.stringify(bench.channel.health()) + bench.logged();
    for (const secret of [esms.apiKey, esms.secretKey, CALLBACK_SECRET, LAN]) expect(told).not.toContain(secret);
    await bench.close();
    await esms.stop();
  };
  return { esms, bench, close };
}
