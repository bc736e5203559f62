import { readablePhone } from './delivery-texts.js';
import type { Message } from './message.js';

/** The SMS that proves a number. It goes to whoever holds that phone, so it says nothing but the code and where to protest. */
export const phoneCodeSms = (n: { code: string; callBack: string | null }): Message => ({
  text: `Mã xác minh của Văn phòng UBND tỉnh: ${n.code}. Hiệu lực 10 phút. Nếu không phải đồng chí, ${n.callBack ? `báo lại số ${n.callBack}` : 'đề nghị bỏ qua tin này'}.`,
  params: { code: n.code },
});

/** To the office: whoever holds this number says it is not the person's. */
export const phoneDisowned = (person: { name: string; position: string; phone?: string }): Message => ({
  text: [
    '⚠️ Số điện thoại không đúng người',
    `Người đang dùng số ${person.phone ? readablePhone(person.phone) : ''} trả lời không phải là đồng chí ${person.name}, ${person.position}.`,
    'Hệ thống đã ngừng gửi SMS và tin mẫu Zalo (ZBS) tới số này. Đề nghị cập nhật số đúng trong danh mục cán bộ rồi xác minh lại.',
  ].join('\n'),
});

/** To the office: the same about a number that was proven; nothing has been stopped, they are asked to find out. */
export const phoneDoubted = (person: { name: string; position: string; phone?: string }): Message => ({
  text: [
    '⚠️ Đề nghị kiểm tra số điện thoại',
    `Từ số đã xác minh ${person.phone ? readablePhone(person.phone) : ''} có tin trả lời không phải là đồng chí ${person.name}, ${person.position}.`,
    'Hệ thống vẫn gửi tin tới số này. Đề nghị gọi lại để kiểm tra; nếu đúng là sai người, sửa số trong thông tin cán bộ rồi xác minh số mới.',
  ].join('\n'),
});

/** The reader's own number is proven. */
export const phoneConfirmed = (): Message => ({ text: '✅ Đã xác minh số điện thoại. Từ nay hệ thống có thể nhắn tin SMS cho đồng chí khi cần.' });

/** "/xacminh" without a code. */
export const phoneCodeMissing = (): Message => ({ text: 'Đề nghị gõ kèm mã trong tin nhắn SMS, ví dụ: /xacminh 123456' });
