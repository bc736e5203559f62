import type { PersonRole } from '../people/person.model.js';
import type { Message } from './message.js';

interface Addressee {
  name: string;
  position: string;
  roles?: readonly PersonRole[];
}

const FORM = 'Gõ: /lienket MÃ (ví dụ: /lienket K7M2PQ9X).';
/** Where to go from here. */
export const shortcuts: Message['buttons'] = [
  { label: 'Nhiệm vụ của tôi', command: '/nhiemvu' },
  { label: 'Lịch họp', command: '/hop' },
  { label: 'Hướng dẫn', command: '/trogiup' },
];

/** To somebody nobody knows yet: what this is and how to link. Says nothing about anybody. */
export const howToLink = (): Message => ({
  text: [
    'Kính chào đồng chí. Tài khoản này chưa liên kết với hệ thống Nhắc Việc.',
    `Đề nghị xin mã liên kết tại Văn phòng UBND tỉnh (mã có hiệu lực 10 phút). ${FORM}`,
    'Nếu màn hình có nút "Chia sẻ số điện thoại", đồng chí có thể bấm nút đó thay cho mã.',
  ].join('\n'),
  askContact: true,
});

/** After "/lienket" with nothing behind it. */
export const codeMissing = (): Message => ({
  text: `Chưa có mã liên kết. ${FORM}\nMã do Văn phòng UBND tỉnh cấp, có hiệu lực 10 phút.`,
});

/** The one or two things this reader will do here most. */
function greeting(roles: readonly PersonRole[]): string[] {
  if (roles.includes('officer')) return ['Có tin nhắc việc: chọn Đã nhận, khi có tiến độ thì chọn Cập nhật rồi gõ, ví dụ: 70% đã họp với các đơn vị.'];
  if (roles.includes('leader')) return ['Gõ /nhiemvu để xem nhiệm vụ, /hop để xem lịch họp sắp tới; tin mời họp chỉ cần chọn một mục dưới tin.'];
  return roles.includes('office') ? ['Các báo cáo của cơ quan, đơn vị và những việc cần gọi điện được báo tại đây.'] : [];
}

/** The chat now belongs to this person. */
export const linked = (person: Addressee): Message => ({
  text: [
    '✅ Đã liên kết với hệ thống Nhắc Việc',
    `Kính gửi đồng chí ${person.name}, ${person.position}.`,
    'Từ nay nhắc việc và thông báo họp được gửi đến đồng chí qua kênh này.',
    ...greeting(person.roles ?? []),
    'Nếu không đúng người, đề nghị gõ /huylienket.',
  ].join('\n'),
  buttons: shortcuts,
});

/** Somebody linked asks to link again, or writes "/start". */
export const alreadyLinked = (person: Addressee): Message => ({
  text: [
    `Tài khoản này đang liên kết với đồng chí ${person.name}, ${person.position}.`,
    'Không cần liên kết lại. Để chuyển sang người khác, gõ /huylienket trước.',
  ].join('\n'),
  buttons: shortcuts,
});

const unlinkButtons: Message['buttons'] = [
  { label: 'Hủy liên kết', command: '/huylienket co' },
  { label: 'Giữ liên kết', command: '/huylienket khong' },
];

/** After "/huylienket": nothing has happened yet. */
export const askUnlink = (person: Addressee): Message => ({
  text: [
    `Đồng chí ${person.name} có chắc muốn hủy liên kết kênh này không?`,
    'Hủy rồi thì nhắc việc và thông báo họp không gửi qua đây nữa, kể cả tin hỏa tốc; muốn dùng lại phải xin mã mới.',
    'Để hủy, chọn mục dưới đây hoặc gõ: có. Không hủy thì gõ: không, hoặc không cần trả lời.',
  ].join('\n'),
  buttons: unlinkButtons,
});

/** An answer that may mean either: nothing has happened. */
export const unlinkOrNot = (): Message => ({ text: 'Chưa rõ đồng chí muốn hủy hay giữ liên kết, nên kênh này vẫn giữ liên kết.\nĐề nghị chọn một mục dưới đây.', buttons: unlinkButtons });

/** A no to "hủy liên kết?". */
export const linkKept = (person: Addressee): Message => ({
  text: `✅ Vẫn giữ liên kết với đồng chí ${person.name}.\nNhắc việc và thông báo họp tiếp tục được gửi qua kênh này.`,
  buttons: shortcuts,
});

/** The link is ended. */
export const unlinked = (person: Addressee): Message => ({
  text: [
    `✅ Đã hủy liên kết với đồng chí ${person.name}.`,
    'Kênh này không còn nhận nhắc việc và thông báo họp. Để liên kết lại, xin mã mới tại Văn phòng UBND tỉnh.',
  ].join('\n'),
});

/** "/huylienket" in a chat that is nobody's. */
export const nothingToUnlink = (): Message => ({ text: 'Tài khoản này chưa liên kết với ai nên không có gì để hủy.' });

/** A linked person unblocked the bot or follows again. */
export const welcomeBack = (person: Addressee): Message => ({
  text: `✅ Đã nối lại kênh nhắc việc với đồng chí ${person.name}.\nCác thông báo mới sẽ lại được gửi qua đây.`,
  buttons: shortcuts,
});

/** A rule said no while linking: its sentence and the right form. */
export const linkRefused = (sentence: string): Message => ({ text: `${sentence}\n${FORM}` });

/** Somebody wrote in a group: others read along there. */
export const privateChatsOnly = (): Message => ({
  text: 'Hệ thống Nhắc Việc chỉ trả lời trong cuộc trò chuyện riêng, vì nội dung công việc không được hiển thị trong nhóm.\nĐề nghị đồng chí nhắn riêng cho bot.',
});
