import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutReply } from '../../../src/mail/cut-reply.js';

const OWN = ['nhacviec@laocai.example', 'tra-loi+'];
const cut = (text: string) => cutReply(text, OWN);
const OURS = ['🔔 Nhắc việc · NV-2026-00012', 'Hạn: thứ Ba 24/11/2026 (còn 1 ngày làm việc)', 'Đang ghi nhận: 40%, cập nhật gần nhất 20/11.', '', '-- ', 'Có thể trả lời ngay thư này, ví dụ: “70% đã họp với các đơn vị”.'];
const quoted = OURS.map((line) => `> ${line}`);

/** How mail programs put our mail under (or above) an answer. */
const styles: Record<string, (words: string) => string> = {
  'Gmail, tiếng Việt': (w) => [w, '', 'Vào Th 2, 23 thg 11, 2026 vào lúc 09:00 Nhắc Việc <', 'nhacviec@laocai.example> đã viết:', '', ...quoted].join('\n'),
  'Gmail, English': (w) => [w, '', 'On Mon, Nov 23, 2026 at 9:00 AM Nhắc Việc <nhacviec@laocai.example> wrote:', ...quoted].join('\n'),
  'Gmail, định dạng ISO': (w) => [w, '', '2026-11-23 9:00 GMT+07:00 Nhắc Việc <nhacviec@laocai.example>:', '', ...quoted].join('\n'),
  'Yahoo, tiếng Việt': (w) => [w, '', '    Vào Thứ Hai, 23 tháng 11, 2026 lúc 09:00:00 GMT+7, Nhắc Việc <nhacviec@laocai.example> đã viết:', '', ...OURS.map((line) => ` ${line}`)].join('\n'),
  'Apple Mail': (w) => [w, '', '> On 23 Nov 2026, at 09:00, Nhắc Việc <nhacviec@laocai.example> wrote:', '> ', ...quoted].join('\r\n'),
  'Outlook, tiếng Anh': (w) => [w, '', '________________________________', 'From: Nhắc Việc <nhacviec@laocai.example>', 'Sent: Monday, November 23, 2026 9:00 AM', 'To: dat@stc.laocai.example', 'Subject: [NV-2026-00012] Nhắc việc', '', ...OURS].join('\r\n'),
  'Outlook, tiếng Việt, không gạch': (w) => [w, '', 'Từ: Nhắc Việc <nhacviec@laocai.example>', 'Đã gửi: 23 Tháng Mười Một 2026 9:00 SA', 'Đến: dat@stc.laocai.example', 'Chủ đề: [NV-2026-00012] Nhắc việc', '', ...OURS].join('\r\n'),
  'Outlook cũ': (w) => [w, '', '-----Original Message-----', 'From: Nhắc Việc', ...OURS].join('\r\n'),
  'Zimbra': (w) => [w, '', '----- Thư gốc -----', 'Từ: "Nhắc Việc" <nhacviec@laocai.example>', 'Tới: dat@stc.laocai.example', ...OURS].join('\n'),
  'điện thoại': (w) => [w, '', 'Sent from my iPhone', '', '> On 23 Nov 2026, at 09:00, Nhắc Việc <nhacviec@laocai.example> wrote:', ...quoted].join('\n'),
  'trả lời bên dưới': (w) => ['Vào Th 2, 23 thg 11, 2026 lúc 09:00 Nhắc Việc <nhacviec@laocai.example> đã viết:', ...quoted, '', w].join('\n'),
  'chương trình lạ, nhắc địa chỉ': (w) => [w, '', 'El lun, 23 nov 2026, Nhắc Việc (tra-loi+NV-2026-00012.abc@laocai.example):', ...quoted].join('\n'),
  'không trích dẫn': (w) => w,
  'có chữ ký': (w) => [w, '', 'Trân trọng.', 'Hoàng Văn Dật', 'Giám đốc Sở Tài chính', 'ĐT: 0912 345 678'].join('\n'),
  'chữ ký sau gạch': (w) => [w, '-- ', 'Hoàng Văn Dật', '95% công việc là họp'].join('\n'),
  'lời chào': (w) => ['Kính gửi Văn phòng UBND tỉnh,', '', w, '', 'Trân trọng cảm ơn!', 'Dật'].join('\n'),
};

describe('what was written is found', () => {
  test.each(Object.keys(styles))('%s', (name) => {
    for (const words of ['70% đã họp với chủ đầu tư', 'Đã nhận', '/capnhat NV-12 80% xong phần thô\nCòn chờ nghiệm thu: 2 dự án', 'Vắng: bận công tác', 'Từ ngày 20/11 đã họp: 50%']) {
      expect(cut(styles[name]?.(words) ?? ''), words).toBe(words);
    }
  });

  test('any plain words, in any of the styles', () => {
    const word = fc.constantFrom('đã', 'họp', 'với', 'chủ đầu tư', '70%', 'NV-12', 'ngày 20/11', 'giải ngân', 'dự án', 'xong', '(2/3)', 'a<b', 'Sở');
    const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((list) => list.join(' '));
    fc.assert(fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), fc.constantFrom(...Object.values(styles)), (lines, style) => {
      const text = lines.join('\n');
      expect(cut(style(text))).toBe(text);
    }), { numRuns: 2_000 });
  });

  test('an empty answer stays empty: our own words are never taken for somebody\'s', () => {
    for (const [name, style] of Object.entries(styles)) expect(cut(style('')), name).not.toMatch(/40%|70%|Nhắc việc/);
  });

  test.each([
    ['Từ: 70% đã họp', 'Ngày: 1/1'],
    ['Từ: 70% đã họp', 'Ngày: 1/1', 'Đến: hết tháng 12'],
    ['From: today 70%', 'To: all'],
    ['--------------------', 'Báo cáo: 70%', '--------------------'],
  ])('words that look like the head of a quotation are words: %s', (...lines) => {
    expect(cut(lines.join('\n'))).toContain('70%');
    expect(cut([...lines, '', 'Vào Th 2, 23 thg 11, 2026 lúc 09:00 Nhắc Việc <nhacviec@laocai.example> đã viết:', ...quoted].join('\n'))).toContain('70%');
  });

  test('whatever comes in, it ends soon and is not longer than it came', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => void expect(cut(text).length).toBeLessThanOrEqual(text.normalize('NFC').length)), { numRuns: 500 });
    expect(cut(`${'> '.repeat(50_000)}\n${'On '.repeat(50_000)}`).length).toBeLessThanOrEqual(8_000);
  });
});
