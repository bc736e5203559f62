import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepEpoch } from '../../src/delivery/hold/epoch.js';
import { readHold } from '../../src/delivery/hold/hold.js';
import { readEpoch } from '../../src/delivery/hold/marks.js';
import { instead, openHoldStory, type HoldStory } from '../support/hold-story.js';

let h: HoldStory;
beforeEach(async () => {
  h = await openHoldStory();
});
afterEach(() => h.close());

test('two machines: the marks of the second one belong to the same restore, and its consent stands', async () => {
  const second = mkdtempSync(join(tmpdir(), 'nhac-viec-hold-'));
  await h.look();
  const back = await h.backup();
  h.clock.advance({ minutes: 1 });
  await h.look();
  await keepEpoch(h.ctx, second);
  await back();
  expect(await h.look()).toBe(true);
  const since = (await readHold(h.ctx))?.since;
  h.clock.advance({ seconds: 20 });
  expect(await keepEpoch(h.ctx, second)).toBe(true);
  expect((await readHold(h.ctx))?.since).toEqual(since);
  await h.resume('all', h.next(), { dir: second, planAll: async () => {} });
  expect([await h.look(), await keepEpoch(h.ctx, second), await h.look()]).toEqual([false, false, false]);
  rmSync(second, { recursive: true, force: true });
});

test('the instance whose own mark is old starts first, and lifts the number beyond the others: who knows better still notices', async () => {
  const { a, b, back } = await h.aAheadOfB();
  await back();
  for (let n = 0; n < 12; n++) {
    h.clock.advance({ seconds: 5 });
    expect(await b.look(), 'it cannot know').toBe(false);
  }
  await a.send();
  expect(h.sent(), 'not even before it has looked').toEqual([]);
  expect(await readHold(h.ctx)).toMatchObject({ cause: 'restored' });
  h.clock.advance({ seconds: 5 });
  expect([await a.look(), await b.look()]).toEqual([true, true]);
  await b.send();
  expect(h.sent()).toEqual([]);
  await h.resume('all', h.next(), { dir: b.dir, planAll: async () => {} });
  expect([await a.look(), await b.look(), await a.look(), await b.look()]).toEqual([false, false, false, false]);
});

test('a process started anew notices it as well, and one that was away during all of it does not ask a second time', async () => {
  const { a, b, back } = await h.aAheadOfB();
  await back();
  for (let n = 0; n < 12; n++) await b.look();
  const anew = h.instance('a');
  expect(await anew.look()).toBe(true);
  await h.resume('all', h.next(), { dir: anew.dir, planAll: async () => {} });
  expect([await anew.look(), await b.look(), await a.look()]).toEqual([false, false, false]);
  // The same once more, after the marks have jumped.
  const again = await h.backup();
  h.clock.advance({ minutes: 1 });
  await a.look();
  await again();
  for (let n = 0; n < 5; n++) await b.look();
  expect(await a.look()).toBe(true);
});

test('while one consents another one is away, with marks of messages that were forgotten: its return asks nobody anew', async () => {
  const { a, b, back } = await h.aAheadOfB();
  await b.look();
  h.clock.advance({ minutes: 1 });
  await a.look();
  await back();
  expect(await a.look()).toBe(true);
  await h.resume('drop', h.next(), { dir: a.dir, planAll: async () => {} });
  h.clock.advance({ minutes: 1 });
  expect([await a.look(), await b.look(), await a.look()]).toEqual([false, false, false]);
});

test('the put-back comes between comparing and renewing, and another one has lifted the number to the same: it is noticed', async () => {
  const { a, b, back } = await h.aAheadOfB();
  const number = async () => (await readEpoch(h.ctx))?.n ?? 0;
  const was = await number();
  const State = instead(h.ctx.db.State, 'findOneAndUpdate', (update) => (...args) => ({ lean: async () => {
    await back();
    while ((await number()) < was) await b.look();
    return (update(...args) as { lean(): unknown }).lean();
  } }));
  const before = a.mirror();
  expect(await keepEpoch({ ...h.ctx, db: { ...h.ctx.db, State } }, a.dir)).toBe(true);
  expect(a.mirror()).toBe(before);
});

test('marks of an older version, which kept a number only, go on and hold nothing; from then on they are told apart', async () => {
  const { a, b } = await h.aAheadOfB();
  for (const { dir: folder, mirror } of [a, b]) writeFileSync(join(folder, 'last-sent.json'), JSON.stringify({ ...(JSON.parse(mirror()) as object), folder: undefined }));
  await h.ctx.db.State.updateOne({ _id: 'delivery-epoch' }, { $unset: { 'value.folders': 1, 'value.floor': 1, 'value.beat': 1 } });
  expect([await b.look(), await a.look(), await b.look(), await a.look()]).toEqual([false, false, false, false]);
  const back = await h.backup();
  await a.look();
  await back();
  for (let n = 0; n < 5; n++) await b.look();
  expect(await a.look()).toBe(true);
});
