import { expect, test } from 'vitest';
import { readAttendance } from '../../../bots/commands/read-attendance.js';

test.each<[string, ReturnType<typeof readAttendance>]>([
  ['Đã nhận', { answer: 'received', note: '' }],
  ['đã nhận được giấy mời', { answer: 'received', note: '' }],
  ['OK', { answer: 'received', note: '' }],
  ['Vâng', { answer: 'received', note: '' }],
  ['Tham dự', { answer: 'attending', note: '' }],
  ['Tôi sẽ tham dự đúng giờ', { answer: 'attending', note: '' }],
  ['tham dự trực tuyến', { answer: 'attending', note: 'trực tuyến' }],
  ['Đã nhận, sẽ dự họp', { answer: 'attending', note: '' }],
  ['Tham dự'.normalize('NFD'), { answer: 'attending', note: '' }],
  ['Vắng: bận công tác', { answer: 'absent', note: 'bận công tác' }],
  ['vắng mặt do ốm', { answer: 'absent', note: 'do ốm' }],
  ['Xin phép vắng họp vì đi cơ sở', { answer: 'absent', note: 'vì đi cơ sở' }],
  ['Không tham dự được vì đi công tác', { answer: 'absent', note: 'vì đi công tác' }],
  ['Tôi không dự được', { answer: 'absent', note: 'Tôi không dự được' }],
  ['Không thể tham dự', { answer: 'absent', note: '' }],
  // Anything that could mean two things is asked back.
  ['Vắng hay tham dự?', undefined],
  ['Có tham dự được không?', undefined],
  ['Cử đồng chí Phó Giám đốc dự thay', undefined],
  ['Tôi vắng buổi sáng, tham dự buổi chiều', undefined],
  ['vang', undefined],
  ['Tài liệu gửi kèm', undefined],
  ['', undefined],
])('%s', (typed, expected) => {
  expect(readAttendance(typed)).toEqual(expected);
});
