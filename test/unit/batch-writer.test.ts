import fc from 'fast-check';
import { Types } from 'mongoose';
import { expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import type { DeliveryState } from '../../src/delivery/delivery.model.js';
import { entersFrom } from '../../src/delivery/delivery-states.js';
import { BatchWriter, type GuardedWrite } from '../../src/delivery/outbox/batch-writer.js';

interface Row {
  fence: number;
  state: DeliveryState;
  written: number;
}

type Trouble = 'none' | 'lost' | 'half' | 'answer-lost';

/** A collection in memory; `trouble` happens to the flushes in turn. */
class Rows {
  readonly byId = new Map<string, Row>();
  readonly bulks: number[] = [];
  trouble: Trouble[] = [];
  reads = 0;

  add(state: DeliveryState = 'claimed', fence = 1): Types.ObjectId {
    const id = new Types.ObjectId();
    this.byId.set(id.toString(), { fence, state, written: 0 });
    return id;
  }

  model(): Ctx['db']['Delivery'] {
    return { bulkWrite: this.#bulkWrite.bind(this), find: this.#find.bind(this) } as unknown as Ctx['db']['Delivery'];
  }

  async #bulkWrite(ops: { updateOne: GuardedWrite }[]): Promise<{ matchedCount: number }> {
    this.bulks.push(ops.length);
    const trouble = this.trouble.shift() ?? 'none';
    await new Promise((resolve) => setImmediate(resolve));
    if (trouble === 'lost') throw new Error('connection closed');
    const reached = trouble === 'half' ? ops.slice(0, ops.length >> 1) : ops;
    const matchedCount = reached.filter(({ updateOne: { filter, update } }) => {
      const row = this.byId.get(filter._id.toString());
      if (!row || row.fence !== filter.fence || !filter.state.$in.includes(row.state)) return false;
      row.state = (update['$set'] as { state: DeliveryState }).state;
      row.written++;
      return true;
    }).length;
    if (trouble !== 'none') throw new Error('connection closed');
    return { matchedCount };
  }

  #find(filter: { _id: { $in: Types.ObjectId[] } }) {
    this.reads++;
    return { lean: async () => filter._id.$in.flatMap((_id) => { const row = this.byId.get(_id.toString()); return row ? [{ _id, ...row }] : []; }) };
  }
}

const to = (_id: Types.ObjectId, state: DeliveryState, fence = 1): GuardedWrite => ({ filter: { _id, fence, state: { $in: [...entersFrom[state]] } }, update: { $set: { state } } });

test('one write leaves at once; those that come meanwhile leave together right after it', async () => {
  const rows = new Rows();
  const writer = new BatchWriter(rows.model());
  const first = writer.write(to(rows.add(), 'sending'));
  await Promise.resolve();
  await Promise.resolve();
  const others = Array.from({ length: 50 }, () => writer.write(to(rows.add(), 'sending')));
  expect(await Promise.all([first, ...others])).toEqual(Array.from({ length: 51 }, () => true));
  expect(rows.bulks).toEqual([1, 50]);
  expect(rows.reads).toBe(0);
});

test('among many, the one whose lease was lost is told so, the others are not', async () => {
  const rows = new Rows();
  const writer = new BatchWriter(rows.model());
  const ids = Array.from({ length: 20 }, () => rows.add());
  const taken = rows.add('claimed', 2);
  const ended = rows.add('suppressed');
  const answers = await Promise.all([...ids, taken].map((id) => writer.write(to(id, 'sending'))));
  expect(answers).toEqual([...ids.map(() => true), false]);
  expect(await writer.write(to(ended, 'sending'))).toBe(false);
});

test('whatever happens to two flushes in a row: what is said to have taken effect did, exactly once; what is said not to have did not', async () => {
  const trouble = fc.constantFrom<Trouble>('none', 'lost', 'half', 'answer-lost');
  const start = fc.record({ state: fc.constantFrom<DeliveryState>('planned', 'claimed', 'sending', 'unknown', 'acknowledged'), fence: fc.constantFrom(1, 2) });
  await fc.assert(fc.asyncProperty(fc.array(start, { minLength: 1, maxLength: 12 }), fc.tuple(trouble, trouble), fc.constantFrom<DeliveryState>('sending', 'accepted', 'unknown', 'dead'), async (starts, troubles, target) => {
    const rows = new Rows();
    rows.trouble = [...troubles];
    const writer = new BatchWriter(rows.model());
    // A worker moves a row on from where it has it in hand; a row taken from it has grown its fence and may be anywhere.
    const inHand = (['claimed', 'sending'] as const).filter((state) => (entersFrom[target] as readonly DeliveryState[]).includes(state));
    const held = starts.map(({ state, fence }, i) => ({ id: rows.add(fence === 1 ? (inHand[i % inHand.length] ?? 'claimed') : state, fence), fence }));
    const answers = await Promise.allSettled(held.map(({ id }) => writer.write(to(id, target))));
    for (const [i, answer] of answers.entries()) {
      const row = rows.byId.get(held[i]?.id.toString() ?? '');
      expect(row?.written).toBeLessThanOrEqual(1);
      if (answer.status === 'fulfilled') expect(row?.written).toBe(answer.value ? 1 : 0);
    }
  }), { numRuns: 300 });
});

test('after a flush that failed for good the next one goes on', async () => {
  const rows = new Rows();
  rows.trouble = ['lost', 'lost'];
  const writer = new BatchWriter(rows.model());
  await expect(writer.write(to(rows.add(), 'sending'))).rejects.toThrow('connection closed');
  expect(await writer.write(to(rows.add(), 'sending'))).toBe(true);
});
