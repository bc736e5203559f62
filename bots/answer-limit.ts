import type { Ctx } from '../src/context.js';

/** Kinds of automatic answer that could feed a loop between two machines. */
export type Automatic = 'stranger' | 'how-to-link' | 'hint' | 'thanks' | 'unknown-command' | 'attachment' | 'group' | 'other-address' | 'sms';

interface Rule {
  /** At most so many in any hour. */
  perHour: number;
  /** Not more often than this, in milliseconds. */
  everyMs: number;
}

const HOUR_MS = 3_600_000;
const rules: Record<Automatic, Rule> = {
  stranger: { perHour: 5, everyMs: 0 },
  'how-to-link': { perHour: 5, everyMs: 10 * 60_000 },
  group: { perHour: 1, everyMs: 0 },
  'other-address': { perHour: 1, everyMs: 0 },
  // Each costs money, and an auto-reply on the other side would answer for ever.
  sms: { perHour: 5, everyMs: 0 },
  // People we know: an hour of silence would look like a fault, so what they ask for on purpose may be asked more often.
  hint: { perHour: 30, everyMs: 0 },
  'unknown-command': { perHour: 30, everyMs: 0 },
  // Politeness needs no answer each time, and machines thank for thanks.
  thanks: { perHour: 2, everyMs: 10 * 60_000 },
  attachment: { perHour: 30, everyMs: 0 },
};
/** A chat that is nobody's gets five automatic answers an hour in all, whatever their kind. */
const SHARED: readonly Automatic[] = ['stranger', 'how-to-link'];

interface Given {
  kind: Automatic;
  at: Date;
  cause: string;
}

/**
 * Whether one more automatic answer may go to this chat now; if so it is counted. The same cause asked again gets the
 * same yes. One chat's messages are worked on one after the other, so reading and then writing is safe.
 */
export async function mayAnswer(ctx: Ctx, chat: { channel: string; chatId: string }, kind: Automatic): Promise<boolean> {
  const _id = `answers:${chat.channel}:${chat.chatId}`;
  const now = ctx.clock.now();
  const record = await ctx.db.State.findById(_id).lean();
  const given = ((record?.value ?? []) as Given[]).filter((g) => now.getTime() - g.at.getTime() < HOUR_MS);
  if (given.some((g) => g.cause === ctx.cause)) return true;
  if (!allowed(given, kind, now)) {
    ctx.log.warn({ event: 'chat.silenced', kind });
    return false;
  }
  const value = [...given, { kind, at: now, cause: ctx.cause }];
  await ctx.db.State.updateOne({ _id }, { $set: { value, updatedAt: now } }, { upsert: true });
  return true;
}

function allowed(given: readonly Given[], kind: Automatic, now: Date): boolean {
  const counted = SHARED.includes(kind) ? given.filter((g) => SHARED.includes(g.kind)) : given.filter((g) => g.kind === kind);
  const recently = given.some((g) => g.kind === kind && now.getTime() - g.at.getTime() < rules[kind].everyMs);
  return counted.length < rules[kind].perHour && !recently;
}
