import { describe, expect, test } from 'vitest';
import { asksExtension } from '../../bots/commands/asks-extension.js';
import { stripDiacritics } from '../../src/kernel/fold.js';

describe('a request for more time, as people write it', () => {
  test.each([
    'xin gia hạn', 'xin gia hạn NV-17 đến 30/11', 'NV-1 xin gia hạn đến 30/11', 'cho em xin lùi hạn nv1', 'đề nghị văn phòng cho gia hạn NV-1 thêm 5 ngày',
    'xin lùi hạn', 'xin lùi thời hạn', 'xin lùi thêm 3 hôm', 'NV-10 xin lùi thêm 3 hôm', 'Dạ em xin lùi thêm 3 hôm ạ', 'xin thêm mấy hôm', 'xin thêm 3 hôm nữa ạ', 'cho em gia hạn đến 30/11',
    'xin kéo dài thời hạn', 'xin kéo dài thêm 2 tuần', 'xin được nộp chậm 2 ngày', 'em xin nộp muộn vài hôm', 'xin phép nộp báo cáo chậm 1 ngày', 'cho em nộp sau 2 hôm', 'anh cho em xin thêm ít ngày',
    'anh ơi cho em lùi mấy hôm nhé', 'cho em lùi đến thứ hai', 'xin lùi sang tuần sau', 'xin lùi lại 3 ngày', 'đề nghị lùi thời gian nộp', 'đơn vị đề nghị được lùi thời gian báo cáo đến 30/11', 'mong văn phòng gia hạn thêm cho xã', 'kính đề nghị gia hạn thêm 05 ngày',
    'xin thêm thời gian', 'xin thêm một tuần', 'em xin thêm ba ngày nữa', 'cho xin thêm 1 tháng', 'xin dời hạn', 'xin đổi hạn nv 3', 'xin khất đến thứ sáu', 'xin khất thêm vài hôm', 'xin nới hạn', 'xin hoãn thêm 2 ngày', 'xin điều chỉnh thời hạn', 'xin điều chỉnh thời gian hoàn thành',
    'xin chậm 2 ngày', 'xin trễ hạn 2 ngày', 'cho em để đến thứ hai nộp', 'xin đến 30/11 nộp', 'do mưa lũ, xin gia hạn đến 30/11', 'Vì vướng mặt bằng, đơn vị xin lùi thêm 5 ngày', 'Kính gửi Văn phòng, xã xin gia hạn thêm 3 ngày. Trân trọng.', 'nv10 xin dc gia han', 'nếu được cho em xin thêm 2 ngày', 'NV-10: xin lùi thêm 3 hôm',
  ])('%s', (words) => {
    expect(asksExtension(words)).toBe(true);
    expect(asksExtension(stripDiacritics(words))).toBe(true);
    expect(asksExtension(words.normalize('NFD'))).toBe(true);
  });
});

describe('words that ask for no more time', () => {
  test.each([
    'đã gửi văn bản xin gia hạn', 'NV-1 70% đã gửi văn bản xin gia hạn', '50%, xin gia hạn đến 30/11', 'xin gia hạn, hiện đạt 50%', 'không xin gia hạn', 'chưa xin gia hạn', 'đã được gia hạn đến 30/11', 'đã gia hạn cho các xã', 'Sở đã lùi thời hạn nộp của các xã',
    'gia hạn hợp đồng thi công', 'xin gia hạn giấy phép xây dựng', 'xin gia hạn hợp đồng', 'đề nghị điều chỉnh hạn mức', 'kéo dài thời gian thi công do mưa', 'xin thêm kinh phí', 'xin thêm 2 cán bộ', 'đề nghị thêm 3 xe cứu trợ', 'xin thêm tài liệu', 'xin thêm ý kiến', 'cần thêm nhân lực',
    'xin lùi lịch họp', 'xin hoãn họp', 'xin hoãn cuộc họp đến thứ hai', 'đề nghị lùi giờ họp', 'xin đổi lịch họp HOP-3', 'xin hoàn thành trước hạn', 'xin báo cáo 70%', 'em xin báo cáo đã họp', 'đề nghị văn phòng hướng dẫn', 'cho em hỏi',
    'các xã nộp chậm 2 ngày', 'xã Bát Xát nộp báo cáo muộn', 'nhà thầu xin gia hạn', 'đang chờ Sở gia hạn', 'đã họp, xin ý kiến về gia hạn', 'tiến độ chậm 2 tuần', 'lùi xe', 'trễ hạn do mưa', 'đang kéo dài', 'đến 30/11 sẽ xong', 'xin lỗi báo cáo muộn', 'xin lỗi em trả lời chậm', 'cho các xã lùi thời gian nộp',
    'xin cảm ơn', 'tôi xin trả lời sau', 'em xin gửi báo cáo sau', 'xong', '70%', 'xin vắng', 'đến thứ hai nộp', 'sẽ nộp sau 2 hôm',
  ])('%s', (words) => expect(asksExtension(words)).toBe(false));
});
