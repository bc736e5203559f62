import type { Ctx } from '../../src/context.js';
import { addDays, instantAt, isLocalDate, localDateOf } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { can, type Action } from '../../src/people/policy.js';
import type { Query } from './scoped-resource.js';

/** All rows to those the policy table lets do one of these to every row; none to others. */
export const allIf = (...actions: Action[]) => (actor: Actor): Query | null => (actions.some((action) => can(actor, action)) ? {} : null);

/** A filter by a stored code; other values find nothing. */
export const oneOf = (path: string, codes: readonly string[]) => (value: string): Query | null => (codes.includes(value) ? { [path]: value } : null);

/** The current year in Vietnam. */
export const yearOf = (ctx: Ctx): number => Number(localDateOf(ctx.clock.now()).slice(0, 4));

/** Rows of one Vietnamese day. */
export const onDay = (path: string) => (value: string): Query | null =>
  isLocalDate(value) ? { [path]: { $gte: instantAt(value, '00:00'), $lt: instantAt(addDays(value, 1), '00:00') } } : null;

/** Text as a search that minds case but nothing else special: signs mean themselves. */
export const contains = (text: string): { $regex: string } => ({ $regex: text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') });

/** Text at the beginning. */
export const beginsWith = (text: string): { $regex: string } => ({ $regex: `^${contains(text).$regex}` });
