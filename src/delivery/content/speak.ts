import type { Ctx } from '../../context.js';
import type { Person } from '../../people/person.model.js';
import { personById } from '../../people/receivers.js';
import { alsoFor } from '../acting/hand-over.js';
import type { Delivery } from '../delivery.model.js';
import type { Rendered, Renderer, Renderers } from '../renderer.js';

/** What is needed to put a delivery into words. */
export interface Tongue {
  ctx: Ctx;
  renderers: Renderers;
}

/** A delivery in words, and whom it was first meant for where somebody acts for them. */
export interface Spoken {
  rendered: Rendered;
  absent: Person | null;
  /** Others on whose behalf the same copy comes. */
  also: Person[];
}

/**
 * Asks the renderer of its kind. Where somebody acts for another, the renderer sees that other person's rights: also those of
 * a closed account, whose duties the acting person has taken over; `data.actingId` names who reads. Throws TypeError for a kind nobody can say.
 */
export async function speak({ ctx, renderers }: Tongue, delivery: Delivery, person: Person | null): Promise<Spoken> {
  const renderer = renderers[delivery.kind];
  if (!renderer) throw new TypeError(`no renderer for ${delivery.kind}`);
  const absent = delivery.behalfOf ? await personById(ctx, delivery.behalfOf) : null;
  const also = (await Promise.all(alsoFor(delivery).filter((id) => id !== String(delivery.personId)).map((id) => personById(ctx, id)))).filter((one) => one !== null);
  const rendered = await sayAs(ctx, renderer, delivery, { person, absent });
  const [first, ...others] = also;
  // Nothing to say to the first reader of a copy that serves several: it still speaks for the next one.
  if (!first || !('suppress' in rendered)) return { rendered, absent, also };
  return { rendered: await sayAs(ctx, renderer, delivery, { person, absent: first }), absent: first, also: others };
}

async function sayAs(ctx: Ctx, renderer: Renderer, delivery: Delivery, { person, absent }: { person: Person | null; absent: Person | null }): Promise<Rendered> {
  if (!absent) return renderer(ctx, delivery, person);
  const theirs = { ...delivery, personId: absent._id, data: { ...delivery.data, actingId: String(delivery.personId) } };
  return renderer(ctx, theirs, { ...absent, active: true });
}

const CODES = /\bNV-\d{4}-\d{5,}\b/g;

/**
 * Is anything secret in it? The renderer's word counts; where it says nothing, the tasks are asked that the message is about
 * or names anywhere, buttons included.
 */
export async function isSecret(ctx: Ctx, delivery: Pick<Delivery, 'taskCode'>, rendered: Extract<Rendered, { message: unknown }>): Promise<boolean> {
  if (rendered.secret !== undefined) return rendered.secret;
  const { text, subject, summary, buttons } = rendered.message;
  const named = [text, subject, summary, ...(buttons ?? []).flatMap((button) => [button.label, 'command' in button ? button.command : button.url])].join('\n').match(CODES) ?? [];
  const codes = [...new Set([...named, ...(delivery.taskCode ? [delivery.taskCode] : [])])];
  return codes.length > 0 && (await ctx.db.Task.exists({ code: { $in: codes }, secret: true })) !== null;
}
