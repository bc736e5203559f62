import { because, type Ctx } from '../../src/context.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import { meetingFileRenderers } from '../../src/meetings/attach-to-meeting.js';
import { callMeeting, type NewMeeting } from '../../src/meetings/call-meeting.js';
import { changeAttendees, type AttendeeChange } from '../../src/meetings/change-attendees.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Actor } from '../../src/people/actor.js';
import type { Person } from '../../src/people/person.model.js';
import { personActor } from '../../src/people/receivers.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from './delivery-world.js';
import { testCtx } from './test-ctx.js';
import type { TestClock } from './test-clock.js';

export const meetingOffice: Actor = { kind: 'api', name: 'Văn phòng' };

/** An urgent meeting at 16:00 is to be called at 14:00 on Monday 23/11/2026: Lan (her deputy is Phó), Minh and Hà, all on Zalo, and the Office. */
export interface MeetingStory {
  ctx: Ctx;
  clock: TestClock;
  zalo: ScriptedSender;
  lan: Person;
  minh: Person;
  ha: Person;
  deputy: Person;
  /** The context of a new request. */
  anew(): Ctx;
  /** Lan and Minh, unless said otherwise. */
  call(more?: Partial<NewMeeting>): Promise<Meeting>;
  change(code: string, input: { add?: Person[]; remove?: Person[] } & Omit<AttendeeChange, 'code' | 'add' | 'remove'>, ctx?: Ctx): Promise<Meeting>;
  answer(person: Person, code: string, said: 'received' | 'attending' | 'absent', note?: string): Promise<unknown>;
  /** Everything due now; returns who got what, by name and first line. */
  settle(): Promise<string[]>;
  /** What the ledger says of a person and a meeting, oldest first: "meeting-alert suppressed not-invited". */
  ledger(code: string, person: Person): Promise<string[]>;
  /** The last text sent to a person. */
  textTo(person: Person): string;
  close(): Promise<void>;
}

const renderers = { ...plainRenderers, ...meetingRenderers, ...meetingFileRenderers };
const idsOf = (people: readonly Person[] = []): string[] => people.map(({ _id }) => String(_id));

export async function openMeetingStory(): Promise<MeetingStory> {
  const { ctx, clock, close } = await testCtx('2026-11-23T07:00:00Z');
  const zalo = new ScriptedSender('zalo');
  let causes = 0;
  const anew = (): Ctx => because(ctx, `test:${++causes}`);
  const deputy = await newPerson(ctx, 'Phó');
  const lan = await newPerson(ctx, 'Lan', { deputyId: deputy._id, phone: '84912345678' });
  const [minh, ha] = [await newPerson(ctx, 'Minh'), await newPerson(ctx, 'Hà')];
  await newPerson(ctx, 'Văn phòng', { roles: ['office'] });
  const settle = async (): Promise<string[]> => {
    const from = zalo.sent.length;
    while ((await advanceAlerts(ctx)) + (await relayIntents(ctx)) + (await drain(ctx, [zalo], { renderers })) > 0);
    // Said to somebody in another's place, the kind of message stands on the second line.
    return zalo.sent.slice(from).map(({ to, text }) => `${to.split('-')[1]}: ${text.split('\n').find((line) => !line.startsWith('Gửi đồng chí'))}`).sort();
  };
  return {
    ctx, clock, zalo, lan, minh, ha, deputy, anew, settle, close,
    call: (more = {}) => callMeeting(anew(), meetingOffice, { title: 'Ứng phó mưa lớn', kind: 'urgent', startsAt: new Date('2026-11-23T09:00:00Z'), place: 'phòng họp tầng 3', chair: 'Chủ tịch UBND tỉnh', attendeeIds: idsOf([lan, minh]), ...more }),
    change: (code, { add, remove, ...input }, from = anew()) => changeAttendees(from, meetingOffice, { code, add: idsOf(add), remove: idsOf(remove), ...input }),
    answer: (person, code, said, note) => answerMeeting(anew(), personActor(person, 'zalo'), { code, answer: said, ...(note ? { note } : {}) }),
    ledger: async (code, { _id }) => (await ctx.db.Delivery.find({ meetingCode: code, personId: _id }).sort({ _id: 1 }).lean()).map(({ kind, state, reason }) => [kind, state, reason].filter(Boolean).join(' ')),
    textTo: ({ name }) => zalo.sent.findLast(({ to }) => to.split('-')[1] === name)?.text ?? '',
  };
}
