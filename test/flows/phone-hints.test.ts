import { afterEach, beforeEach, expect, test } from 'vitest';
import { personDetail } from '../../admin/details/person-detail.js';
import { office } from '../support/task-story.js';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

let world: World;
let nhi: StoryPerson;
let id: string;

beforeEach(async () => {
  world = await openWorld();
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  nhi = await world.person({ name: 'Trần Thục Nhi', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'] }, 'telegram');
  ({ id } = (await world.api('POST', '/api/v1/people', { name: 'Hoàng Văn Dật', position: 'Giám đốc', agencyCode: 'VP', roles: ['leader'], phone: '0912345678' })).body as { id: string });
});
afterEach(() => world.close());

const hints = async (personId: string) => (await personDetail(world.app.ctx, office, personId)).hints;

test("a number typed into Zalo's form links nobody; the office sees the claim beside the person of that number", async () => {
  await world.networks.zalo.shareContact('7011000000000009999', '84912345678');
  await world.settle();
  expect(world.networks.zalo.messagesOf('7011000000000009999').at(-1)?.text).toContain('Đã ghi số điện thoại đồng chí khai (chưa xác minh)');
  expect(await world.app.ctx.db.ChatLink.countDocuments({ personId: id })).toBe(0);
  expect(await world.app.ctx.db.Person.findById(id).lean()).toMatchObject({ phoneVerifiedAt: null });
  expect(await hints(id)).toEqual([expect.stringMatching(/^Một tài khoản Zalo chưa liên kết khai số này lúc .*, chưa xác minh\./)]);
});

test('somebody linked who shares a number: shown as a claim of their own, nothing is verified', async () => {
  const lan = await world.person({ name: 'Lan', position: 'Chuyên viên', agencyCode: 'VP', roles: ['officer'] }, 'zalo');
  await world.networks.zalo.shareContact(lan.userId, '84987654321');
  await world.settle();
  expect(await hints(lan.id)).toEqual([expect.stringMatching(/^Số do người dùng khai trên Zalo: 0987 654 321 \(.*\), chưa xác minh\.$/)]);
  expect(await hints(id)).toEqual([]);
});

test('who is reached by Telegram alone is marked', async () => {
  expect(await hints(nhi.id)).toEqual([expect.stringContaining('Chỉ liên lạc được qua Telegram')]);
});
