import { describe, expect, test } from 'vitest';
import { parseProgress } from '../../bots/commands/parse-progress.js';
import { stripDiacritics } from '../../src/kernel/fold.js';

const asked = { number: 12, year: 2026 };
const read = (words: string) => parseProgress(words, asked);
const written = (words: string): number | undefined => {
  const said = read(words);
  return said.kind === 'report' ? said.percent : undefined;
};

describe('words that deny, put off or take back do not submit the task', () => {
  test.each([
    'không thể đạt 100%', 'khó đạt 100%', 'chưa thể đạt 100%', 'bao giờ mới đạt 100%', 'nếu có kinh phí đạt 100%', 'Khi có mặt bằng hoàn thành 100%',
    'tháng 12 xong 100%', 'quý IV hoàn thành 100%', 'sang năm hoàn thành 100%', 'giai đoạn 1: 100%', 'riêng xã A đạt 100%', '100% chưa',
    'Hoàn thành: ngày mai', 'Hoàn thành: không', 'Hoàn thành, không kịp hạn', 'Hoàn thành: tháng 12', 'Hoàn thành: dự kiến 30/11', 'Hoàn thành, nếu có kinh phí', 'Hoàn thành, khi có kinh phí',
    'Xong, à nhầm', 'Xong. Đùa thôi', 'Xong, một nửa', 'Xong: 1/2', 'Hoàn thành: 1/3', 'Xong, xin gia hạn', 'Xong, xin thêm 5 ngày', 'Xong, phần 2 đang làm', 'xong, sẽ làm tiếp phần 2', 'Hoàn thành: bước 1', 'Hoàn thành, khó',
  ])('%s', (words) => {
    expect(written(words)).toBeUndefined();
    expect(written(stripDiacritics(words))).toBeUndefined();
    // Nor is it offered to be written.
    expect(read(words)).not.toMatchObject({ percent: 100 });
  });
});

describe('a percent that is denied, of another time or of something else is not written', () => {
  test.each([
    'chưa xong 50%', 'chưa hoàn thành 50%', 'chưa làm được 50%', 'không làm được 50%', 'không phải 50%', 'Sao lại ghi 50%', '50% là không đúng', '50% à nhầm 60%', '50% chứ không phải 60%', '50%?', '<50%', '>50%', '50%: sai', '50% gì đó',
    'ngày mai đạt 50%', 'tuần sau đạt 50%', 'dự kiến đạt 50%', 'đến 30/11 đạt 50%', 'hôm qua đạt 50%', 'cùng kỳ năm trước đạt 50%', 'kế hoạch 50%', 'phải đạt 50%', 'chậm 20%', 'vượt kế hoạch 20%', 'tiết kiệm 10%', 'tỷ lệ hộ nghèo 10%',
    '30% còn lại', '30% chưa làm', '30% nữa là xong', '30% hộ dân chưa di dời', '8% VAT', '95% hồ sơ trễ hạn', 'tiêm phòng đạt 90%', 'mưa 90%', 'tiến độ giải ngân đạt 60%', 'đã họp, tiêm phòng đạt 90%',
  ])('%s', (words) => expect(written(words)).toBeUndefined());
});

describe('a number without its sign that counts or heads a list is no percent', () => {
  test.each([
    '1. Đã sơ tán 20 hộ\n2. Còn 5 hộ', '1. Đã họp', '2 đã xong, 1 chưa', '12 xong', '13 đã xong', '12 chưa xong', '50 - 60', '50 chưa di dời', '25 sẽ xong', '28, sẽ nộp', '30, xin gia hạn', '20 đạt, 5 không đạt', '15 gửi',
    '50, còn 38', '20 chờ ký', '20 tiếp nhận', '5 nội dung', '30 vì chưa xong',
  ])('%s', (words) => expect(written(words)).toBeUndefined());
});

test.each<[string, number]>([
  ['70% đã họp', 70], ['70% đã họp với các đơn vị', 70], ['đã họp với Sở 70%', 70], ['đã họp, chưa thống nhất, đạt 70%', 70], ['hiện đạt 50%', 50], ['đến nay đạt 60%', 60], ['tổng tiến độ đạt 60%', 60], ['70 đã họp', 70], ['70 nội dung', 70],
  ['0% chưa triển khai', 0], ['70%, chưa ký được', 70], ['50%, xin gia hạn đến 30/11', 50], ['50% nhập nhầm', 50], ['70% phối hợp các xã', 70],
  ['xong, đã gửi báo cáo số 12', 100], ['hoàn thành 100%', 100], ['đã hoàn thành 100%', 100], ['xong', 100], ['xong rồi ạ', 100], ['đã xong ạ', 100], ['đã hoàn thành rồi anh ơi', 100], ['dạ em làm xong rồi ạ', 100], ['xong rồi ạ, đã gửi báo cáo', 100],
])('"%s" is still read', (words, percent) => {
  expect(written(words)).toBe(percent);
  expect(written(stripDiacritics(words))).toBe(percent);
});

test.each(['đã họp xong', 'hoàn thành dự thảo báo cáo', 'đang hoàn thành hồ sơ', 'cần hoàn thành trước tháng 12', 'chưa xong ạ', 'sắp xong rồi', 'không nhận được báo cáo của xã A', 'đã chuyển Sở Xây dựng thẩm định'])('"%s" stays words alone', (words) => expect(read(words)).toEqual({ kind: 'report', note: words }));

test.each(['xã đã làm xong ạ', 'xong nhé', 'đã gửi các xã xong hết rồi', 'đã xử lý xong hết rác rồi ạ', 'các xã đã hoàn thành'])('"%s" may be all of it or a part: asked back as done', (words) => {
  expect(read(words)).toEqual({ kind: 'unclear', why: 'done-or-not', percent: 100 });
  expect(read(stripDiacritics(words))).toEqual({ kind: 'unclear', why: 'done-or-not', percent: 100 });
});

test.each<[string, number]>([['xã đã làm được 40% rồi ạ', 40], ['làm được 50 phần trăm, còn 3 xã chưa nộp', 50], ['em làm được khoảng 65 phần trăm ạ', 65], ['tiến độ giải ngân đạt 60%', 60], ['tiêm phòng đạt 90%', 90], ['50% gì đó', 50], ['tuần sau đạt 50%', 50]])('"%s" is asked back with its only percentage', (words, percent) => expect(read(words)).toMatchObject({ kind: 'unclear', percent }));

test.each(['xã A 40%, xã B 60%', '70%-80%', '70,5%', '30% còn lại', 'vẫn còn 30%', '120%', '70 hộ đã di dời'])('"%s" offers no number', (words) => {
  expect(read(words)).toMatchObject({ kind: 'unclear' });
  expect(read(words)).not.toHaveProperty('percent');
});

test.each(['từ chối', 'Không nhận nhiệm vụ này', 'không phải việc của tôi', 'Không thuộc thẩm quyền của Sở', 'chuyển Sở Xây dựng', 'giao nhầm đơn vị', 'nhầm', 'xin lỗi tôi gửi nhầm', 'hủy', 'thôi', 'không', 'Cập nhật', 'Chi tiết', 'đã nhận lương', 'lát báo', 'test'])('"%s" is no report', (words) => expect(read(words)).toMatchObject({ kind: 'unclear', why: 'no-words' }));
