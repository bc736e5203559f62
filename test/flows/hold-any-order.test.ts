import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHold } from '../../src/delivery/hold/hold.js';
import { dying, openHoldStory, outcome, type HoldStory } from '../support/hold-story.js';

let h: HoldStory;
beforeEach(async () => {
  h = await openHoldStory();
});
afterEach(() => h.close());

type Step = 'work' | 'backup' | 'put-back' | 'stop' | 'resume' | 'resume-and-die' | 'look';
type Turn = readonly [Step, 0 | 1];
const turn: fc.Arbitrary<Turn> = fc.tuple(fc.constantFrom<Step>('work', 'work', 'look', 'look', 'look', 'backup', 'put-back', 'stop', 'resume', 'resume-and-die'), fc.constantFrom(0 as const, 1 as const));

test('whatever is stopped, ended, saved and put back in whatever order, by two with folders of their own: nothing that has left leaves again without consent', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(turn, { minLength: 4, maxLength: 18 }), async (list) => {
    for (const model of [h.ctx.db.Delivery, h.ctx.db.State, h.ctx.db.AuditEntry]) await model.collection.deleteMany({});
    rmSync(h.dir, { recursive: true, force: true });
    h.sent();
    const houses = [h.instance('a'), h.instance('b')] as const;
    let n = 0;
    let saved: { back: () => Promise<void>; mirrors: string[] } | null = null;
    let everPutBack = false;
    /** Who knows of something that the database has forgotten, and the office has not been asked since. */
    let forgotten = [false, false];
    /** One of them has had the chance to notice. */
    let noticed = false;
    const sends = async (who: 0 | 1) => {
      await houses[who].send();
      noticed ||= forgotten[who] === true;
      if (noticed) expect(h.sent(), list.join(' ')).toEqual([]);
      h.sent();
    };
    for (const house of houses) await house.look();
    for (const [step, who] of list) {
      h.clock.advance({ seconds: 40 });
      const house = houses[who];
      if (step === 'work') {
        await h.plan(`m${++n}-${h.clock.now().getTime()}`);
        await sends(who);
      } else if (step === 'look') {
        await house.look();
        noticed ||= forgotten[who] === true;
      } else if (step === 'backup') {
        await house.look();
        noticed ||= forgotten[who] === true;
        saved = { back: await h.backup(), mirrors: houses.map(({ mirror }) => mirror()) };
      } else if (step === 'put-back' && saved) {
        // Who has renewed its mark since the backup was taken knows of what is forgotten now.
        const { back, mirrors } = saved;
        await back();
        everPutBack = true;
        forgotten = houses.map(({ mirror }, i) => mirror() !== mirrors[i]);
        noticed = false;
      } else if (step === 'stop') await outcome(h.stop(house.ctx));
      else if (step === 'resume' || step === 'resume-and-die') {
        const before = await readHold(h.ctx);
        const here = h.next(house.ctx);
        const said = await outcome(h.resume('all', step === 'resume' ? here : dying(here), { dir: house.dir, planAll: async () => {} }));
        if (forgotten[who]) noticed = true;
        // Consent is given by whoever saw the hold that the restore began.
        if (before?.cause === 'restored' && before.decision === null && (said === 'done' || said === 'died')) [forgotten, noticed] = [[false, false], false];
      }
      if (!everPutBack) expect((await readHold(h.ctx))?.cause, `held for nothing: ${list.join(' ')}`).not.toBe('restored');
    }
    for (const who of [0, 1] as const) {
      if (!forgotten[who]) continue;
      h.clock.advance({ minutes: 2 });
      await houses[who].look();
      noticed = true;
    }
    for (const who of [0, 1] as const) await sends(who);
  }), { numRuns: 100 });
});
