import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AnyInbound } from '../../src/inbox/inbound.js';
import type { InboundRecord } from '../../src/inbox/inbound.model.js';
import { receive } from '../../src/inbox/receive.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Task } from '../../src/directives/task.model.js';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

let world: World;
let officer: StoryPerson;
beforeEach(async () => {
  world = await openWorld('2026-11-16T02:00:00Z');
  await world.agency('STC', 'Sở Tài chính');
  officer = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer', 'leader'] });
  await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
    tasks: [{ content: 'Báo cáo tiến độ', leadAgencyCode: 'STC', dueOn: '2026-12-31' }],
  });
  await world.api('POST', '/api/v1/meetings', { title: 'Giao ban', kind: 'regular', startsAt: '2026-11-27T08:00:00+07:00', place: 'Phòng họp số 1', attendeeIds: [officer.id] });
  await world.settle();
  world.heard(officer);
});
afterEach(() => world.close());

const task = () => world.app.ctx.db.Task.findOne().orFail().lean<Task>();
const facts = async () => {
  const { percent, progress, version } = await task();
  const { rev, attendees, history } = await world.app.ctx.db.Meeting.findOne().orFail().lean<Meeting>();
  return { percent, version, progress: progress.length, rev, answer: attendees[0]?.answer, said: history.length };
};
const stored = async (): Promise<AnyInbound[]> => (await world.app.ctx.db.Inbound.find({ 'message.text': { $exists: true } }).sort({ receivedAt: 1 }).lean<InboundRecord[]>()).map(({ message }) => message);

test.each([['twenty-three hours', 23, false], ['three days, and the record of it is gone', 72, true]])('a chat update comes again after %s: no second effect', async (_what, hours, forgotten) => {
  await world.say(officer, '/capnhat NV-1 30% đã giao các phòng');
  await world.say(officer, '/vang HOP-1 đi công tác');
  const replays = await stored();
  // Then more was said, which an old update must not undo.
  await world.say(officer, '/capnhat NV-1 60% đã họp');
  await world.say(officer, '/thamdu HOP-1');
  const before = await facts();
  expect(before).toMatchObject({ percent: 60, answer: 'attending', progress: 2 });
  world.clock.advance({ hours });
  await world.settle();
  world.heard(officer);
  if (forgotten) await world.app.ctx.db.Inbound.deleteMany({});

  for (const message of replays) expect(await receive(world.app.ctx, message)).toBe(forgotten ? 'new' : 'duplicate');
  await world.settle();
  expect(await facts()).toEqual(before);
  // Nor is anything answered a second time: the answer's key is the message's.
  expect(world.heard(officer).map(({ text }) => text)).toEqual([]);
});
