import type { Ctx } from '../context.js';
import type { Person } from '../people/person.model.js';
import type { Message } from '../texts/message.js';
import type { Delivery } from './delivery.model.js';

/**
 * What to say now, or why nothing is said any more. `laterMs`: cannot be decided yet, ask again (a correction while the
 * message it corrects is in the air). `secret`: the ledger keeps a note instead of the text. `kept`: what it keeps
 * instead of a text that is not secret in itself but must not lie there, such as a code.
 */
export type Rendered = { message: Message; secret?: boolean; kept?: string } | { suppress: string } | { laterMs: number };

/**
 * Says a delivery in words just before the call, from the facts as they are now: a task finished, re-dated or reassigned,
 * a meeting moved or cancelled since planning is suppressed with the reason. `person` is null for unlinked chats.
 */
export type Renderer = (ctx: Ctx, delivery: Delivery, person: Person | null) => Promise<Rendered>;

/** Renderers by message kind; each feature room exports its own, app.ts joins them. */
export type Renderers = Readonly<Record<string, Renderer>>;
