import type { Model, Types } from 'mongoose';
import { missingForChannel } from '../config.js';
import type { Ctx } from '../context.js';
import type { Agency } from '../people/agency.model.js';
import { liveAddress } from '../people/mailbox.js';
import type { Person } from '../people/person.model.js';
import { officeStaff, personById } from '../people/receivers.js';
import { enqueueAll, type NewDelivery } from './enqueue.js';
import type { Intent, Recipient } from './intent.js';
import { keys } from './keys.js';
import { tellLeave } from './notices/tell-leave.js';
import { tellNobodyThere } from './notices/tell-office.js';

interface CarriesIntents {
  _id: Types.ObjectId;
  intents: Intent[];
}

/** Documents at once; a matter of the whole province lies in memory with all who are told of it. */
const BATCH = 20;

/** Every collection whose documents carry intents; a new one is added here. */
export const carriers = (ctx: Pick<Ctx, 'db'>): Model<CarriesIntents>[] => [ctx.db.Task, ctx.db.Meeting] as unknown as Model<CarriesIntents>[];

/**
 * Turns the intents written beside facts into deliveries, then clears them. Whatever crashes in between, the next run
 * plans the same keys again, which changes nothing, and clears. Returns how many intents it relayed.
 */
export async function relayIntents(ctx: Ctx): Promise<number> {
  let relayed = 0;
  for (const model of carriers(ctx)) relayed += await relayFrom(ctx, model);
  // People lie below the deliveries and carry no intents: what is to be told of a leave stands with them.
  return relayed + (await tellLeave(ctx));
}

async function relayFrom(ctx: Ctx, model: Model<CarriesIntents>): Promise<number> {
  let relayed = 0;
  const failed: Types.ObjectId[] = [];
  for (;;) {
    const waiting = await model.find({ 'intents.key': { $gt: '' }, _id: { $nin: failed } }, { intents: 1 }).limit(BATCH).lean<CarriesIntents[]>();
    for (const document of waiting) {
      try {
        relayed += await relayOne(ctx, model, document);
      } catch (error) {
        // One document that cannot be relayed must not hold back the others; the next tick tries it again.
        ctx.log.error({ event: 'intents.failed', collection: model.collection.name, id: document._id.toString(), err: error });
        failed.push(document._id);
      }
    }
    if (waiting.length < BATCH) return relayed;
  }
}

async function relayOne(ctx: Ctx, model: Model<CarriesIntents>, document: CarriesIntents): Promise<number> {
  // One after the other, in the order of the facts: a correction is never planned before what it corrects.
  for (const intent of document.intents) await enqueueAll(ctx, await copiesOf(ctx, intent));
  await model.updateOne({ _id: document._id }, { $pull: { intents: { key: { $in: document.intents.map((intent) => intent.key) } } } });
  return document.intents.length;
}

async function copiesOf(ctx: Ctx, intent: Intent): Promise<NewDelivery[]> {
  const people = new Set((await Promise.all(intent.to.map((to) => personIds(ctx, to)))).flat());
  const mailboxes = await mailboxesOf(ctx, intent, [...people]);
  if (people.size === 0 && mailboxes.length === 0) await tellNobodyThere(ctx, intent);
  const { kind, lane, data, notBefore, asked } = intent;
  const common = { kind, lane, ...(notBefore ? { notBefore } : {}), ...(asked ? { asked } : {}) };
  return [
    ...[...people].map((personId) => ({ ...common, key: keys.forPerson(intent.key, personId), personId, data })),
    ...mailboxes.map(({ code, address }) => ({ ...common, key: keys.forAgency(intent.key, code), chat: { channel: 'email' as const, to: address }, data: { ...data, agencyCode: code } })),
  ];
}

/** Agencies' mailboxes that get a copy; not one that is also the address of a person who gets this anyway. */
async function mailboxesOf(ctx: Ctx, { to }: Intent, people: readonly string[]): Promise<{ code: string; address: string }[]> {
  const codes = to.flatMap((one) => ('agencyCode' in one ? [one.agencyCode] : []));
  if (codes.length === 0 || missingForChannel(ctx.config, 'email').length > 0) return [];
  const agencies = await ctx.db.Agency.find({ code: { $in: codes }, active: true }).lean<Agency[]>();
  const readers = await ctx.db.Person.find({ _id: { $in: people }, active: true }, { email: 1 }).lean<Pick<Person, 'email'>[]>();
  const taken = new Set(readers.map(({ email }) => email?.toLowerCase()));
  return agencies.flatMap((agency) => {
    const address = liveAddress(agency);
    return address && !taken.has(address.toLowerCase()) ? [{ code: agency.code, address }] : [];
  });
}

/** The people behind a recipient; the office is the monitoring officer where one is named and active, else all its staff. */
async function personIds(ctx: Ctx, to: Recipient): Promise<string[]> {
  if ('personId' in to) return [to.personId];
  if ('agencyCode' in to) return [];
  const monitor = to.monitorId ? await personById(ctx, to.monitorId) : null;
  const office = monitor?.active ? [monitor] : await officeStaff(ctx);
  return office.map((person) => person._id.toString());
}
