import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApiStory, smallProvince, type ApiStory } from '../support/api.js';

let story: ApiStory;
let people: { leader: string; officer: string; monitor: string };
const AT = '/api/v1/meetings/HOP-2026-00001';
beforeEach(async () => {
  story = await openApiStory();
  people = await smallProvince(story);
  await story.make('/api/v1/meetings', { title: 'Họp ứng phó mưa lũ', kind: 'urgent', startsAt: '2026-11-19T16:00:00+07:00', place: 'Phòng họp tầng 3', attendeeIds: [people.leader] });
});
afterEach(() => story.close());

const listed = async () => ((await story.get(AT)).body['attendees'] as { personId: string }[]).map(({ personId }) => personId);

test('people are added and taken off; the same key again is the same change', async () => {
  const key = { 'idempotency-key': 'gm-1' };
  const change = { add: [people.officer], remove: [people.leader], reason: 'cử cán bộ chuyên môn', edition: 1 };
  const [first, second] = [await story.post(`${AT}/attendees`, change, key), await story.post(`${AT}/attendees`, change, key)];
  expect(first).toMatchObject({ status: 200, body: { edition: 2, version: 1, attendees: [{ personId: people.officer, told: false, answers: [] }] } });
  expect(second.body).toEqual(first.body);
  expect(await listed()).toEqual([people.officer]);
});

test.each<[what: string, change: () => object, status: number, code: string, path: string | undefined]>([
  ['an edition somebody has changed since', () => ({ add: [people.officer], edition: 7 }), 409, 'changed-meanwhile', undefined],
  ['somebody not on the list', () => ({ remove: [people.officer] }), 404, 'attendee-unknown', 'remove.0'],
  ['somebody unknown', () => ({ add: ['000000000000000000000000'] }), 404, 'attendee-unknown', 'add.0'],
  ['everybody', () => ({ remove: [people.leader] }), 400, 'input-invalid', 'remove'],
  ['nothing', () => ({}), 400, 'input-invalid', 'add'],
  ['an unknown chair', () => ({ chairId: '000000000000000000000000' }), 404, 'attendee-unknown', 'chairId'],
])('%s is refused and nothing is written', async (_what, change, status, code, path) => {
  const answer = await story.post(`${AT}/attendees`, change());
  expect(answer).toMatchObject({ status, body: { code, ...(path ? { path } : {}) } });
  expect(await listed()).toEqual([people.leader]);
});

test('a chair by id is invited; only the place moves, and that is no postponement', async () => {
  expect(await story.post(`${AT}/attendees`, { chairId: people.officer })).toMatchObject({ status: 200, body: { chairId: people.officer } });
  expect(await listed()).toEqual([people.leader, people.officer]);
  expect(await story.post(`${AT}/postpone`, { place: 'Hội trường', reason: 'Đông người' })).toMatchObject({ status: 200, body: { status: 'called', place: 'Hội trường', startsAt: '2026-11-19T09:00:00.000Z', version: 2, edition: 3 } });
  expect(await story.post(`${AT}/postpone`, { reason: 'Không đổi gì' })).toMatchObject({ status: 400, body: { path: 'startsAt' } });
});
