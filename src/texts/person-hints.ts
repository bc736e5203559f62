import { readablePhone } from './delivery-texts.js';
import { channelLabels } from './labels.js';
import { momentText } from './when-texts.js';

/** Beside a person whom an urgent alert could reach by Telegram alone. */
export const onlyTelegramHint = 'Chỉ liên lạc được qua Telegram, kênh đang bị yêu cầu chặn tại Việt Nam từ tháng 5/2025. Đề nghị liên kết thêm Zalo hoặc xác minh số điện thoại để tin hỏa tốc không bị lỡ.';

/** Beside a person: a number that somebody typed into Zalo's form. A hint, never a proof. */
export const phoneHint = ({ phone, channel, at, linked }: { phone: string; channel: string; at: Date; linked: boolean }): string =>
  linked
    ? `Số do người dùng khai trên ${channelLabels[channel] ?? channel}: ${readablePhone(phone)} (${momentText(at)}), chưa xác minh.`
    : `Một tài khoản ${channelLabels[channel] ?? channel} chưa liên kết khai số này lúc ${momentText(at)}, chưa xác minh. Nếu đúng là đồng chí ấy, đề nghị cấp mã liên kết.`;

/** To a chat that is nobody's and has filled in the form. */
export const phoneHintKept = (): { text: string } => ({
  text: 'Đã ghi số điện thoại đồng chí khai (chưa xác minh), tài khoản này chưa được liên kết.\nĐề nghị xin mã liên kết tại Văn phòng UBND tỉnh, rồi gõ: /lienket MÃ.',
});
