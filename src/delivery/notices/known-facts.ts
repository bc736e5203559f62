import type { Ctx } from '../../context.js';
import type { Person } from '../../people/person.model.js';
import { personById } from '../../people/receivers.js';
import type { Delivery } from '../delivery.model.js';
import { isNotice } from './notice-kinds.js';

interface Known {
  people: ReadonlyMap<string, Person>;
  /** Codes of tasks asked about, and which of them are secret. */
  codes: ReadonlySet<string>;
  secret: ReadonlySet<string>;
}

const knownBy = new WeakMap<Ctx, Known>();

const texts = (rows: readonly Pick<Delivery, 'data'>[], name: string): string[] => [...new Set(rows.flatMap(({ data }) => (typeof data[name] === 'string' && data[name] !== '' ? [data[name]] : [])))];

/** A context that knows the people and tasks these notices name: hundreds of them in one digest cost two reads, not two each. It serves for one rendering and is thrown away. */
export async function knowingNotices(ctx: Ctx, members: readonly Pick<Delivery, 'kind' | 'data'>[]): Promise<Ctx> {
  const notices = members.filter(({ kind }) => isNotice(kind));
  if (notices.length < 2) return ctx;
  const ids = texts(notices, 'personId').filter((id) => /^[0-9a-f]{24}$/i.test(id));
  const codes = texts(notices, 'taskCode');
  const [people, secret] = await Promise.all([
    ids.length > 0 ? ctx.db.Person.find({ _id: { $in: ids } }).lean<Person[]>() : [],
    codes.length > 0 ? ctx.db.Task.find({ code: { $in: codes }, secret: true }, { code: 1 }).lean<{ code: string }[]>() : [],
  ]);
  const knowing = { ...ctx };
  knownBy.set(knowing, { people: new Map(people.map((one) => [String(one._id), one])), codes: new Set(codes), secret: new Set(secret.map(({ code }) => code)) });
  return knowing;
}

/** Whom a notice speaks of. */
export const personOf = async (ctx: Ctx, id: string): Promise<Person | null> => knownBy.get(ctx)?.people.get(id) ?? personById(ctx, id);

/** Is this task secret? */
export async function isSecretTask(ctx: Ctx, code: string): Promise<boolean> {
  const known = knownBy.get(ctx);
  return known?.codes.has(code) ? known.secret.has(code) : (await ctx.db.Task.exists({ code, secret: true })) !== null;
}
