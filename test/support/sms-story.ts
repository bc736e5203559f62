import { expect } from 'vitest';
import { meetingDetail } from '../../admin/details/meeting-detail.js';
import type { SmppStandIn } from '../../src/demo/providers/smpp.js';
import type { Attendee, Meeting } from '../../src/meetings/meeting.model.js';
import { LAN, smppEnv, startSmpp } from './sms.js';
import { office } from './task-story.js';
import { TestClock } from './test-clock.js';
import { openWorld, type World } from './world.js';

const MORNING = '2026-11-19T02:00:00Z'; // Thursday, 09:00 in Vietnam

/** Lan of the Sở Tài chính, proven number, reached by SMS only. */
export interface SmsStory {
  world: World;
  smsc: SmppStandIn;
  lan: string;
  /** An urgent meeting with Lan at 16:00; returns its code. */
  call(more?: object): Promise<string>;
  /** A task of her agency; returns its code. */
  assign(): Promise<string>;
  /** Her phone writes, a minute passes unless `seconds` says otherwise; returns what came back. */
  write(text: string, more?: object, seconds?: number): Promise<string[]>;
  seat(code: string): Promise<Attendee | undefined>;
  detail(code: string): ReturnType<typeof meetingDetail>;
  close(): Promise<void>;
}

export async function openSmsStory(env: Record<string, string> = {}): Promise<SmsStory> {
  const smsc = await startSmpp(new TestClock(MORNING));
  const world = await openWorld(MORNING, { ...smppEnv(smsc), SMS_REPLY_NUMBER: '0888123456', OFFICE_PHONE: '0214 3840 034', ...env });
  await smsc.bound();
  await world.agency('STC', 'Sở Tài chính');
  const { body } = await world.api('POST', '/api/v1/people', { name: 'Nguyễn Thị Lan', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'], phone: '0912 345 678' });
  const { id: lan } = body as { id: string };
  await world.app.ctx.db.Person.updateOne({ _id: lan }, { $set: { phoneVerifiedAt: world.clock.now() } });
  let calls = 0;
  return {
    world, smsc, lan,
    call: async (more = {}) => {
      const made = await world.api('POST', '/api/v1/meetings', { title: `Họp ứng phó mưa lũ ${++calls}`, kind: 'urgent', startsAt: '2026-11-19T16:00:00+07:00', place: 'Phòng họp tầng 3', attendeeIds: [lan], ...more });
      await world.settle();
      return (made.body as { code: string }).code;
    },
    assign: async () => {
      const made = await world.api('POST', '/api/v1/directives', {
        symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
        tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', dueOn: '2026-11-23' }],
      });
      expect(made.status).toBeLessThan(300);
      await world.settle();
      return (await world.app.ctx.db.Task.findOne().orFail().lean()).code;
    },
    write: async (text, more = {}, seconds = 60) => {
      const before = smsc.messagesOf(LAN).length;
      expect(await smsc.deliver({ source_addr: LAN, destination_addr: '0888123456', data_coding: 0, short_message: text, ...more })).toBe(0);
      await world.settle();
      world.clock.advance({ seconds });
      return smsc.messagesOf(LAN).slice(before).map((message) => message.text);
    },
    seat: async (code) => (await world.app.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees.find(({ personId }) => String(personId) === lan),
    detail: (code) => meetingDetail(world.app.ctx, office, code),
    close: async () => {
      await world.close();
      await smsc.stop();
    },
  };
}
