import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import type { Intent } from '../delivery/intent.js';
import type { Rendered, Renderers } from '../delivery/renderer.js';
import type { StoredFile } from '../files/file.model.js';
import { keepFile } from '../files/keep-file.js';
import { findFile, readBytes } from '../files/read-file.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { meetingFile } from '../texts/file-texts.js';
import { changeMeeting, findMeeting, mustLieAhead } from './change-meeting.js';
import type { Meeting } from './meeting.model.js';
import { attendeeOf, isOfFormerPlace } from './meeting-reader.js';

/**
 * The Office adds a file (PDF, JPEG, PNG up to 5 MB) to a meeting ahead; everybody invited gets it. The same cause again adds
 * nothing. Throws forbidden, meeting-unknown, meeting-over, file-empty, file-too-large, file-type-unsupported.
 */
export async function attachToMeeting(ctx: Ctx, actor: Actor, input: { code: string; name: string; bytes: Uint8Array }): Promise<StoredFile> {
  mustBeAllowed(actor, 'meeting.write');
  const meeting = await findMeeting(ctx, input.code);
  mustLieAhead(ctx, meeting);
  const owner = { kind: 'meeting' as const, code: meeting.code };
  const file = await keepFile(ctx, { key: `meeting:${meeting.code}:${ctx.cause}`, name: input.name, bytes: input.bytes, owner, by: actor.name, rule: 'handout' });
  await changeMeeting(ctx, meeting.code, (current) => ({ set: {}, push: { intents: intentOf(current, file) } }));
  await recordAudit(ctx, actor, { action: 'meeting.attach', entity: 'meeting', entityKey: meeting.code, after: { file: file.name, size: file.size } });
  ctx.wake('intents');
  return file;
}

const intentOf = (meeting: Meeting, file: StoredFile): Intent => ({
  key: `file:${file._id.toString()}`,
  kind: 'meeting-file',
  to: meeting.attendees.map(({ personId }) => ({ personId: personId.toString() })),
  lane: meeting.kind === 'urgent' ? 'urgent' : 'normal',
  data: { meetingCode: meeting.code, rev: meeting.rev, fileId: file._id.toString() },
  asked: 'by-day',
});

/** Says the file to those who are still invited to a meeting that still takes place. */
export const meetingFileRenderers: Renderers = {
  'meeting-file': async (ctx, delivery, person): Promise<Rendered> => {
    const { data } = delivery;
    const meeting = await ctx.db.Meeting.findOne({ code: String(data['meetingCode']) }).lean<Meeting>();
    if (!meeting || !person) return { suppress: 'meeting-unknown' };
    if (meeting.status === 'cancelled') return { suppress: 'meeting-cancelled' };
    if (meeting.startsAt <= ctx.clock.now()) return { suppress: 'meeting-over' };
    const attendee = attendeeOf(meeting, person._id);
    if (!attendee) return { suppress: 'not-invited' };
    if (isOfFormerPlace(attendee, delivery)) return { suppress: 'invited-again' };
    const file = await findFile(ctx, String(data['fileId']));
    return { message: { ...meetingFile(meeting, file, ctx.clock.now()), thread: meeting.code, attachments: [{ name: file.name, contentType: file.contentType, content: await readBytes(ctx, file) }] } };
  },
};
