import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import { personActor, personById } from '../../src/people/receivers.js';
import { openApiStory, smallProvince, type ApiStory } from '../support/api.js';

let story: ApiStory;
let people: { leader: string; officer: string; monitor: string };
beforeEach(async () => {
  story = await openApiStory();
  people = await smallProvince(story);
});
afterEach(() => story.close());

const meeting = () => ({ title: 'Họp ứng phó mưa lũ', kind: 'urgent', startsAt: '2026-11-19T16:00:00+07:00', place: 'Phòng họp tầng 3', attendeeIds: [people.leader, people.officer] });
const post = (change: object = {}, headers?: Record<string, string>) => story.post('/api/v1/meetings', { ...meeting(), ...change }, headers);

test('a meeting is called; its page shows who has confirmed and who has not', async () => {
  expect(await post({ chair: 'Chủ tịch UBND tỉnh' })).toMatchObject({ status: 201, body: { code: 'HOP-2026-00001' } });
  const leader = await personById(story.ctx, people.leader);
  if (!leader) throw new Error('no leader');
  await answerMeeting(because(story.ctx, 'telegram:1'), personActor(leader, 'telegram'), { code: 'HOP-2026-00001', answer: 'attending' });
  expect(await story.get('/api/v1/meetings/HOP-2026-00001')).toMatchObject({
    status: 200,
    body: {
      code: 'HOP-2026-00001', title: 'Họp ứng phó mưa lũ', kind: 'urgent', startsAt: '2026-11-19T09:00:00.000Z', place: 'Phòng họp tầng 3', chair: 'Chủ tịch UBND tỉnh', status: 'called',
      attendees: [
        { personId: people.leader, name: 'Hoàng Văn Dật', agencyCode: 'STC', acknowledged: true, answer: 'attending', via: 'telegram' },
        { personId: people.officer, acknowledged: false, acknowledgedAt: null, answer: null },
      ],
    },
  });
});

test.each<[what: string, change: () => object, status: number, code: string, path: string | undefined]>([
  ['an unknown field', () => ({ room: 3 }), 400, 'input-invalid', 'room'],
  ['a wrong type', () => ({ attendeeIds: people.leader }), 400, 'input-invalid', 'attendeeIds'],
  ['nobody invited', () => ({ attendeeIds: [] }), 400, 'input-invalid', 'attendeeIds'],
  ['a time without a day', () => ({ startsAt: '16:00' }), 400, 'input-invalid', 'startsAt'],
  ['a day that does not exist', () => ({ startsAt: '2026-11-31T16:00:00+07:00' }), 400, 'input-invalid', 'startsAt'],
  ['a year that is a slip of the finger', () => ({ startsAt: '9999-12-31T16:00:00+07:00' }), 400, 'input-invalid', 'startsAt'],
  ['a time that is over', () => ({ startsAt: '2026-11-18T16:00:00+07:00' }), 422, 'meeting-in-past', undefined],
  ['somebody unknown', () => ({ attendeeIds: [people.leader, '000000000000000000000000'] }), 404, 'attendee-unknown', 'attendeeIds.1'],
  ['somebody who is no id', () => ({ attendeeIds: ['Lan'] }), 400, 'input-invalid', 'attendeeIds.0'],
])('%s is refused and nothing is written', async (_what, change, status, code, path) => {
  const answer = await post(change());
  expect(answer).toMatchObject({ status, body: { code } });
  if (path) expect(answer.body['path']).toBe(path);
  expect(await story.ctx.db.Meeting.countDocuments()).toBe(0);
});

test('a time without an offset is Vietnamese time', async () => {
  await post({ startsAt: '2026-11-19T16:00' });
  expect((await story.get('/api/v1/meetings/HOP-2026-00001')).body).toMatchObject({ startsAt: '2026-11-19T09:00:00.000Z' });
});

test('a meeting is postponed, then cancelled; a cancelled one can be neither', async () => {
  await post();
  const later = { startsAt: '2026-11-20T08:00:00+07:00', place: 'Phòng họp số 1', reason: 'Chủ trì đi kiểm tra đê' };
  expect(await story.post('/api/v1/meetings/HOP-2026-00001/postpone', later)).toMatchObject({ status: 200, body: { code: 'HOP-2026-00001', status: 'postponed', startsAt: '2026-11-20T01:00:00.000Z', place: 'Phòng họp số 1' } });
  expect(await story.post('/api/v1/meetings/HOP-2026-00001/cancel', { reason: '  ' })).toMatchObject({ status: 400, body: { path: 'reason' } });
  expect(await story.post('/api/v1/meetings/HOP-2026-00001/cancel', { reason: 'Mưa đã ngớt' })).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  expect(await story.post('/api/v1/meetings/HOP-2026-00001/postpone', later)).toMatchObject({ status: 409, body: { code: 'meeting-over' } });
});

test('unknown meetings, here and in the ledger', async () => {
  expect(await story.get('/api/v1/meetings/HOP-2026-00009')).toMatchObject({ status: 404, body: { code: 'meeting-unknown', path: 'code' } });
  expect(await story.post('/api/v1/meetings/HOP-2026-00009/cancel', { reason: 'x' })).toMatchObject({ status: 404, body: { code: 'meeting-unknown' } });
  expect(await story.get('/api/v1/deliveries?meetingCode=HOP-2026-00009')).toMatchObject({ status: 404, body: { path: 'meetingCode' } });
});

test('called twice with one key: one meeting', async () => {
  const key = { 'idempotency-key': 'gm-641' };
  const [first, second] = [await post({}, key), await post({}, key)];
  expect(second.body).toEqual(first.body);
  expect(await story.ctx.db.Meeting.countDocuments()).toBe(1);
});
