import { expect, test } from 'vitest';
import type { Agency } from '../../src/people/agency.model.js';
import { inOfficialOrder } from '../../src/people/agency-order.js';

const listed: [type: Agency['type'], name: string][] = [
  ['province', 'UBND tỉnh Lào Cai'], ['office', 'Văn phòng UBND tỉnh'], ['office-unit', 'Ban Tiếp công dân tỉnh'],
  ['department', 'Sở Nội vụ'], ['department', 'Sở Tư pháp'], ['department', 'Sở Tài chính'], ['department', 'Sở Công Thương'], ['department', 'Sở Nông nghiệp và Môi trường'],
  ['department', 'Sở Y tế'], ['department', 'Sở Ngoại vụ'], ['department', 'Sở Dân tộc và Tôn giáo'], ['department', 'Sở Quy hoạch'],
  ['inspectorate', 'Thanh tra tỉnh'], ['board', 'Ban Quản lý Khu kinh tế'], ['service-unit', 'Trung tâm Phục vụ hành chính công'], ['vertical', 'Công an tỉnh'],
  ['commune', 'UBND xã A Mú Sung'], ['ward', 'Phường Âu Lâu'], ['commune', 'Xã Bát Xát'], ['ward', 'Phường Cam Đường'], ['commune', 'UBND xã Dương Quỳ'], ['special-zone', 'Đặc khu Đảo'], ['ward', 'UBND phường Sa Pa'], ['commune', 'Xã Y Tý'],
];

test('the province first, departments as documents list them, communes A to Z in Vietnamese order', () => {
  const agencies = listed.map(([type, name]) => ({ type, name }));
  for (const shuffled of [[...agencies].reverse(), [...agencies].sort((a, b) => a.name.localeCompare(b.name))]) expect(shuffled.sort(inOfficialOrder).map(({ name }) => name)).toEqual(listed.map(([, name]) => name));
});

test('a place given by the office counts first among agencies of its level', () => {
  const agencies: { type: Agency['type']; name: string; order?: number }[] = [{ type: 'department', name: 'Sở Nội vụ' }, { type: 'commune', name: 'Xã Y Tý', order: 1 }, { type: 'vertical', name: 'Công an tỉnh', order: 2 }, { type: 'province', name: 'UBND tỉnh', order: 1 }, { type: 'ward', name: 'Phường Cam Đường' }];
  expect(agencies.sort(inOfficialOrder).map(({ name }) => name)).toEqual(['UBND tỉnh', 'Công an tỉnh', 'Sở Nội vụ', 'Xã Y Tý', 'Phường Cam Đường']);
});
