import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { holdSending, resumeSending, type HoldHands } from '../../src/delivery/hold/decide-hold.js';
import { keepEpoch } from '../../src/delivery/hold/epoch.js';
import { readHold, type HoldChoice } from '../../src/delivery/hold/hold.js';
import type { Actor } from '../../src/people/actor.js';
import { drain, newPerson, ScriptedSender } from './delivery-world.js';
import { testCtx } from './test-ctx.js';

export const OFFICE: Actor = { kind: 'account', accountId: 'a1', name: 'Nguyễn Thị Lan', role: 'office', agencyCode: 'VP', personId: null };
const policy = { quiet: null, perPerson: { max: 100, windowMs: 1 } };

/** How a deed ended: "done", the code of a rule's no, or the words of an error. */
export const outcome = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: Error & { code?: string }) => error.code ?? error.message);

/** A model that is itself but for one method. */
export const instead = <Model extends object>(model: Model, method: string, done: (original: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown): Model =>
  new Proxy(model, { get: (target, name, self) => (name === method ? done((...args) => (Reflect.get(target, name, self) as (...all: unknown[]) => unknown).call(target, ...args)) : (Reflect.get(target, name, self) as unknown)) });

/** The process dies in the middle of ending a hold: the decision stands, the audit does not. */
export const dying = (here: Ctx): Ctx => ({ ...here, db: { ...here.db, AuditEntry: instead(here.db.AuditEntry, 'create', () => () => { throw new Error('died'); }) } });

/** Another instance on the same database, with a folder of its own. */
export interface House {
  ctx: Ctx;
  dir: string;
  look(): Promise<boolean>;
  send(): Promise<unknown>;
  /** What its folder keeps outside the database; '' for nothing. */
  mirror(): string;
}

/** A house that holds and releases what it sends, its database with backups, and a folder of marks outside it; 16:00 on Thursday 19/11/2026. */
export async function openHoldStory() {
  const { ctx, clock, close } = await testCtx('2026-11-19T09:00:00Z');
  const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-hold-'));
  const zalo = new ScriptedSender('zalo');
  const dat = await newPerson(ctx, 'Hoàng Văn Dật');
  const hands: HoldHands = { dir, planAll: async () => {} };
  let press = 0;
  const plan = (key: string, notBefore = clock.now()) => enqueue(ctx, { key, kind: 'note', lane: 'normal', personId: String(dat._id), data: { n: 1 }, asked: 'by-day', notBefore });
  const sent = () => zalo.sent.splice(0).map(({ key }) => key);
  const send = () => drain(ctx, [zalo], { policy });
  const look = () => keepEpoch(ctx, dir);
  const next = (from = ctx): Ctx => because(from, `admin:a1:${++press}`);
  const stop = (from = ctx) => holdSending(next(from), OFFICE, { reason: 'Gửi nhầm danh sách', urgentPasses: false });
  const resume = async (choice: HoldChoice, here = next(), how = hands) => resumeSending(here, OFFICE, { choice, since: (await readHold(ctx))?.since ?? new Date(0) }, how);

  /** The whole database as a backup keeps it, and how it is put back. */
  async function backup(): Promise<() => Promise<void>> {
    const models = [ctx.db.Delivery, ctx.db.State, ctx.db.AuditEntry];
    const copies = await Promise.all(models.map((model) => model.collection.find().toArray()));
    return async () => {
      for (const [i, model] of models.entries()) {
        await model.collection.deleteMany({});
        if (copies[i]?.length) await model.collection.insertMany(copies[i].map((row) => ({ ...row })));
      }
    };
  }

  /** A day of work after the backup; everything due has left. */
  async function aDayOn(): Promise<void> {
    clock.advance({ hours: 24 });
    await look();
    await send();
  }

  async function heldBecause(cause: 'by-hand' | 'restored'): Promise<void> {
    await look();
    if (cause === 'by-hand') return stop();
    const yesterday = await backup();
    clock.advance({ minutes: 10 });
    await look();
    await yesterday();
    expect(await look()).toBe(true);
  }

  const instance = (folder: string): House => {
    const here: Ctx = { ...ctx, db: { ...ctx.db, State: new Proxy(ctx.db.State, {}) } };
    const own = join(dir, folder);
    return {
      ctx: here,
      dir: own,
      look: () => keepEpoch(here, own),
      send: () => drain(here, [zalo], { policy }),
      mirror: () => (existsSync(join(own, 'last-sent.json')) ? readFileSync(join(own, 'last-sent.json'), 'utf8') : ''),
    };
  };

  /** `a` was at work until the end, `b` stopped early; the backup is from in between. */
  async function aAheadOfB(): Promise<{ a: House; b: House; back: () => Promise<void> }> {
    const [a, b] = [instance('a'), instance('b')];
    await b.look();
    const beats = async (n: number) => {
      for (; n > 0; n--) {
        clock.advance({ seconds: 30 });
        await a.look();
      }
    };
    await beats(5);
    await plan('forgotten');
    const back = await backup();
    await a.send();
    await beats(5);
    expect(sent()).toEqual(['forgotten']);
    return { a, b, back };
  }

  return {
    ctx, clock, dir, zalo, plan, sent, send, look, next, stop, resume, backup, aDayOn, heldBecause, instance, aAheadOfB,
    close: async () => {
      await close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export type HoldStory = Awaited<ReturnType<typeof openHoldStory>>;
