import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { enqueue } from '../../src/delivery/enqueue.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import { markAcknowledged } from '../../src/delivery/receipts/mark-acknowledged.js';
import { recordReceipt } from '../../src/delivery/receipts/record-receipt.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import type { Renderers } from '../../src/delivery/renderer.js';
import type { Person } from '../../src/people/person.model.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';
import { deliveryOf, drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';

let house: AdminHouse;
let office: string;
let dung: Person;
let zalo: ScriptedSender;
let telegram: ScriptedSender;
beforeAll(async () => {
  house = await openAdminHouse();
  office = await house.signIn('office@example.vn');
});
afterAll(() => house.close());
let people = 0;
beforeEach(async () => {
  await house.ctx.db.Delivery.deleteMany({});
  dung = await newPerson(house.ctx, `Lê Dũng ${++people}`, { chats: ['zalo', 'telegram'] });
  [zalo, telegram] = [new ScriptedSender('zalo'), new ScriptedSender('telegram')];
});

const line = async (_ctx: unknown, { kind }: Delivery) => ({ message: { text: `Tin ${kind}` } });
const renderers: Renderers = { ...plainRenderers, 'meeting-alert': line, 'meeting-cancelled': line, 'task-coordinating': line };
const send = async () => {
  for (let round = 0; round < 3; round++) {
    await drain(house.ctx, [zalo, telegram], { renderers });
    await followUp(house.ctx, ['zalo', 'telegram'], {});
  }
};
const tell = async (key: string, kind: string, about: object, data: Record<string, boolean> = {}) => {
  await enqueue(house.ctx, { key, kind, lane: 'normal', personId: String(dung._id), data, asked: 'now', ...about });
  await send();
};
const look = async <T>(url: string): Promise<T> => (await house.http.inject({ url: `/admin/api/${url}`, headers: { cookie: office } })).json();
interface Line {
  kind: string;
  state: string;
  acknowledgedAt: string;
  messages: number;
  reason: string;
}
interface Shown {
  records: { id: string; params: Record<string, string> }[];
}
const problems = async () => (await look<Shown>('resources/Delivery/actions/list?filters.state=problem-week')).records.map(({ params }) => params['about']);

test('the ledger says of each person what came of the last message, not of the one they confirmed before', async () => {
  await tell('hop8', 'meeting-alert', { meetingCode: 'HOP-2026-00008' });
  await markAcknowledged(house.ctx, { personId: String(dung._id), meetingCode: 'HOP-2026-00008' });
  house.clock.advance({ minutes: 5 });
  await enqueue(house.ctx, { key: 'reply:1', kind: 'reply', lane: 'urgent', chat: { channel: 'zalo', to: 'x' }, personId: String(dung._id), meetingCode: 'HOP-2026-00008', data: {} });
  const before = await look<{ receivers: Line[] }>('office/ledger?q=HOP-8');
  expect(before.receivers[0]).toMatchObject({ kind: 'Triệu tập họp', state: 'Đã xác nhận' });
  house.clock.advance({ minutes: 5 });
  await tell('hop8:cancelled', 'meeting-cancelled', { meetingCode: 'HOP-2026-00008' });
  const { receivers } = await look<{ receivers: Line[] }>('office/ledger?q=HOP-8');
  expect(receivers).toHaveLength(1);
  expect(receivers[0]).toMatchObject({ kind: 'Hủy họp', state: 'Đã gửi', acknowledgedAt: '' });
});

test('a message that arrived by another channel is no problem any more, and its page says by which way it arrived', async () => {
  await tell('nv24', 'task-coordinating', { taskCode: 'NV-2026-00024' });
  await recordReceipt(house.ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'failed', at: house.clock.now(), code: '-1' });
  house.clock.advance({ minutes: 2 });
  expect((await deliveryOf(house.ctx, 'nv24')).state).toBe('dead');
  expect(await problems()).toContain('NV-2026-00024');
  await send();
  expect(telegram.sent).toHaveLength(1);
  expect(await problems()).not.toContain('NV-2026-00024');
  const { _id } = await deliveryOf(house.ctx, 'nv24');
  const { record } = await look<{ record: { params: Record<string, string> } }>(`resources/Delivery/records/${String(_id)}/show`);
  expect(record.params).toMatchObject({ state: 'Không gửi được', stateTone: 'quiet', stateNote: 'đã đến bằng Telegram, 20/11/2026 08:12' });
  expect(record.params['attempts']).toMatch(/Zalo: nhà cung cấp đã nhận, sau đó báo không chuyển được$/);
  expect((await look<{ deliveries: { reason: string }[] }>(`office/people/${String(dung._id)}`)).deliveries.map(({ reason }) => reason)).toContain('Nhà cung cấp báo không chuyển được tin; đã đến bằng Telegram, 20/11/2026 08:12');
  // The overview counts the same.
  expect((await look<{ failed: number }>('dashboard')).failed).toBe((await problems()).length);
});

test('where no way led there it stays a problem', async () => {
  zalo.answer({ kind: 'unreachable', code: 'gone' });
  telegram.answer({ kind: 'unreachable', code: 'gone' });
  await tell('nv25', 'task-coordinating', { taskCode: 'NV-2026-00025' });
  expect(await problems()).toContain('NV-2026-00025');
});

test('a reminder of a meeting is not called its call, and a further attempt is said to be one', async () => {
  await tell('hop9', 'meeting-alert', { meetingCode: 'HOP-2026-00009' });
  house.clock.advance({ minutes: 1 });
  await tell('hop9:again', 'meeting-alert', { meetingCode: 'HOP-2026-00009' }, { again: true });
  await recordReceipt(house.ctx, { channel: 'zalo', providerId: 'zalo-2', what: 'failed', at: house.clock.now(), code: '-1' });
  house.clock.advance({ minutes: 1 });
  await send();
  const { rows, receivers } = await look<{ rows: Line[]; receivers: Line[] }>('office/ledger?q=HOP-9');
  expect(rows.map(({ kind }) => kind)).toEqual(['Nhắc họp (gửi lại qua kênh khác)', 'Nhắc họp', 'Triệu tập họp']);
  expect(receivers[0]).toMatchObject({ kind: 'Nhắc họp', state: 'Đã gửi', messages: 3 });
  const person = await look<{ deliveries: Line[] }>(`office/people/${String(dung._id)}`);
  expect(person.deliveries.map(({ kind }) => kind)).toEqual(['Nhắc họp (gửi lại qua kênh khác)', 'Nhắc họp', 'Triệu tập họp']);
});
