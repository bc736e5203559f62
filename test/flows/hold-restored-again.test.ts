import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { keepEpoch } from '../../src/delivery/hold/epoch.js';
import { readHold } from '../../src/delivery/hold/hold.js';
import { previewHold } from '../../src/delivery/hold/what-waits.js';
import { drain } from '../support/delivery-world.js';
import { dying, instead, OFFICE, openHoldStory, outcome, type HoldStory } from '../support/hold-story.js';

let h: HoldStory;
beforeEach(async () => {
  h = await openHoldStory();
});
afterEach(() => h.close());

test.each(['by-hand', 'restored'] as const)('a backup from the middle of ending a hold (%s) is put back a day later: the old decision is no consent', async (cause) => {
  await h.heldBecause(cause);
  await h.plan('waiting');
  expect(await outcome(h.resume('all', dying(h.next())))).toBe('died');
  const halfWay = await h.backup();
  h.clock.advance({ seconds: 31 });
  await h.look();
  expect(await readHold(h.ctx)).toBeNull();
  await h.send();
  expect(h.sent()).toEqual(['waiting']);
  await h.aDayOn();

  await halfWay();
  h.clock.advance({ minutes: 1 });
  await h.send();
  expect(h.sent(), 'before anybody has looked').toEqual([]);
  expect(await h.look()).toBe(true);
  h.clock.advance({ minutes: 5 });
  expect(await h.look()).toBe(true);
  await h.send();
  expect(h.sent()).toEqual([]);
  expect((await previewHold(h.ctx, OFFICE)).first).toMatchObject([{ leftBefore: true }]);
  expect(await readHold(h.ctx)).toMatchObject({ cause: 'restored', decision: null });
  expect(await h.resume('drop')).toEqual({ dropped: 1 });
  await h.send();
  expect(h.sent()).toEqual([]);
  expect(await h.look()).toBe(false);
});

test.each(['by-hand', 'restored'] as const)('a backup from the middle (%s) is put back while the house is down: a process started anew asks as well', async (cause) => {
  await h.heldBecause(cause);
  await h.plan('waiting');
  expect(await outcome(h.resume('all', dying(h.next())))).toBe('died');
  const halfWay = await h.backup();
  h.clock.advance({ minutes: 1 });
  await h.look();
  await h.send();
  expect(h.sent()).toEqual(['waiting']);
  await h.aDayOn();
  await halfWay();
  const anew: Ctx = { ...h.ctx, db: { ...h.ctx.db, State: new Proxy(h.ctx.db.State, {}) } };
  expect(await keepEpoch(anew, h.dir)).toBe(true);
  await drain(anew, [h.zalo], {});
  expect(h.sent()).toEqual([]);
});

test('a crash in the middle and no backup: the decision is still carried out, also where the marks had gone on already', async () => {
  await h.look();
  await h.stop();
  await h.plan('a');
  expect(await outcome(h.resume('all', dying(h.next())))).toBe('died');
  h.clock.advance({ minutes: 20 });
  expect(await h.look()).toBe(false);
  await h.send();
  expect(h.sent()).toEqual(['a']);
});

test('a hold by hand is ended right after a restore: the restore is noticed first, and nothing leaves', async () => {
  await h.plan('a');
  await h.look();
  await h.stop();
  const back = await h.backup();
  expect(await h.resume('all')).toEqual({ dropped: 0 });
  await h.send();
  expect(h.sent()).toEqual(['a']);
  h.clock.advance({ minutes: 10 });
  await h.look();
  await back();
  // Nobody has looked since; the office sees its own hold and ends it.
  expect(await outcome(h.resume('all'))).toBe('hold-changed');
  await h.send();
  expect(h.sent()).toEqual([]);
  expect(await readHold(h.ctx)).toMatchObject({ cause: 'restored', decision: null, reason: 'Gửi nhầm danh sách' });
});

test.each(['while it is decided', 'after it was decided'] as const)('the database is put back %s: the decision does not hold for the older messages', async (when) => {
  await h.plan('a');
  await h.look();
  await h.stop();
  const back = await h.backup();
  h.clock.advance({ minutes: 2 });
  await h.look();
  if (when === 'while it is decided') expect(await outcome(h.resume('all', h.next(), { dir: h.dir, planAll: back }))).toBe('hold-changed');
  else {
    const AuditEntry = instead(h.ctx.db.AuditEntry, 'create', (create) => async (...rows) => { await back(); return create(...rows); });
    const here = h.next();
    await h.resume('all', { ...here, db: { ...here.db, AuditEntry } });
  }
  await h.send();
  expect(h.sent()).toEqual([]);
  h.clock.advance({ minutes: 5 });
  expect(await h.look()).toBe(true);
  await h.send();
  expect(h.sent()).toEqual([]);
});

test('a restored hold is being ended, and the database is put back once more: the marks do not go on from there', async () => {
  await h.plan('a');
  await h.look();
  const yesterday = await h.backup();
  h.clock.advance({ minutes: 10 });
  await h.look();
  await yesterday();
  expect(await h.look()).toBe(true);
  const AuditEntry = instead(h.ctx.db.AuditEntry, 'create', (create) => async (...rows) => { await yesterday(); return create(...rows); });
  const here = h.next();
  await h.resume('all', { ...here, db: { ...here.db, AuditEntry } });
  h.clock.advance({ minutes: 5 });
  expect(await h.look()).toBe(true);
  await h.send();
  expect(h.sent()).toEqual([]);
});

test('a database put back under a running house, and nothing held: no claim follows, not even in the first second', async () => {
  await h.look();
  await h.plan('a');
  const back = await h.backup();
  await h.send();
  expect(h.sent()).toEqual(['a']);
  h.clock.advance({ minutes: 1 });
  await h.look();
  await h.send();
  await back();
  await h.send();
  expect(h.sent()).toEqual([]);
  expect(await readHold(h.ctx)).toMatchObject({ cause: 'restored', lastSentAt: new Date('2026-11-19T09:01:30Z') });
});

test('the mark is renewed in the very moment after a restore: the mirror outside is not taken back with it', async () => {
  await h.look();
  const back = await h.backup();
  h.clock.advance({ minutes: 1 });
  await h.look();
  h.clock.advance({ minutes: 1 });
  await h.look();
  const before = readFileSync(join(h.dir, 'last-sent.json'), 'utf8');
  const State = instead(h.ctx.db.State, 'findOneAndUpdate', (update) => (...args) => ({ lean: async () => { await back(); return (update(...args) as { lean(): unknown }).lean(); } }));
  expect(await keepEpoch({ ...h.ctx, db: { ...h.ctx.db, State } }, h.dir)).toBe(true);
  expect(readFileSync(join(h.dir, 'last-sent.json'), 'utf8')).toBe(before);
  expect(await readHold(h.ctx)).toMatchObject({ cause: 'restored', restoredTo: null });
});
