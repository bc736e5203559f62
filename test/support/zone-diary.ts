import { openWorld } from './world.js';

/** A process of its own: five days of an office, as the phone of one officer shows it. Prints one JSON array of "instant text". */
const world = await openWorld('2026-10-30T01:00:00Z'); // Friday, 08:00 in Vietnam; New York leaves summer time on 1 November
await world.agency('STC', 'Sở Tài chính');
const officer = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'] });
const post = async (path: string, body: object) => {
  const answer = await world.api('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
};
await post('/api/v1/directives', {
  symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-10-30', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
  tasks: [
    { content: 'Hạn theo ngày', leadAgencyCode: 'STC', dueOn: '2026-11-03' },
    { content: 'Hạn theo giờ', leadAgencyCode: 'STC', dueAt: '2026-11-02T00:30' },
    { content: 'Hạn giờ có múi', leadAgencyCode: 'STC', dueAt: '2026-11-02T16:30:00Z' },
  ],
});
await post('/api/v1/meetings', { title: 'Giao ban', kind: 'regular', startsAt: '2026-11-02T06:30', place: 'Phòng họp số 1', attendeeIds: [officer.id] });

const diary: string[] = [];
for (let hour = 0; hour < 24 * 5; hour++) {
  await world.settle();
  diary.push(...world.heard(officer).map(({ text }) => `${world.clock.now().toISOString()} ${text}`));
  world.clock.advance({ hours: 1 });
}
await world.close();
process.stdout.write(`DIARY ${JSON.stringify(diary)}\n`);
process.exit(0);
