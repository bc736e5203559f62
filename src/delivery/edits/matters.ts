import type { Ctx } from '../../context.js';
import type { Button } from '../../texts/message.js';
import type { Delivery } from '../delivery.model.js';

/** How a message that was sent ought to look by now. */
export interface Standing {
  /** What has happened since it was sent, in one line; null: nothing. */
  line: string | null;
  /** The buttons that still do what they say. */
  buttons: Button[];
}

/** A task or meeting whose facts changed after something was said about it. `stamp` tells one state from the next. */
export interface ChangedMatter {
  code: string;
  stamp: number;
}

/**
 * What a feature room tells about its matters, so that messages on people's screens can follow them. The mark "changed" is
 * written together with the fact, so nothing is forgotten whatever crashes.
 */
export interface Matters {
  field: 'taskCode' | 'meetingCode';
  changed(ctx: Ctx, limit: number): Promise<ChangedMatter[]>;
  /** Takes the mark away, unless the matter has changed again. */
  settled(ctx: Ctx, matter: ChangedMatter): Promise<void>;
  /** By delivery id; messages that never carried a button, or whose reader may not know any more, are left out. */
  standings(ctx: Ctx, code: string, deliveries: readonly Delivery[]): Promise<Map<string, Standing>>;
}

/** When the words of a delivery were chosen: facts of that moment are in them. */
export const saidAt = (delivery: Pick<Delivery, 'attempts' | 'acceptedAt' | 'createdAt'>): Date =>
  delivery.attempts.at(-1)?.at ?? delivery.acceptedAt ?? delivery.createdAt;
