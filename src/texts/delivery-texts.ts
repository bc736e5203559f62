import { formatInstant } from '../kernel/local-date.js';
import { addressed } from './common-texts.js';
import type { Message } from './message.js';
import { leaveText } from './when-texts.js';

interface Whom {
  name: string;
  position: string;
  phone?: string;
}

const CHANNEL_NAMES: Readonly<Record<string, string>> = { zalo: 'Zalo', 'zalo-bot': 'Zalo Bot', zbs: 'tin mẫu Zalo (ZBS)', telegram: 'Telegram', sms: 'SMS', email: 'thư điện tử' };
const channelName = (channel: string): string => CHANNEL_NAMES[channel] ?? channel;

/** "0912 345 678" from 84912345678; other numbers as they are. */
export const readablePhone = (phone: string): string => {
  const local = phone.startsWith('84') ? `0${phone.slice(2)}` : phone;
  return /^0\d{9}$/.test(local) ? `${local.slice(0, 4)} ${local.slice(4, 7)} ${local.slice(7)}` : local;
};

/** The line of one person in a list of those to call. */
const whomToCall = (person: Whom, about: string, code: string): string =>
  `${person.name}, ${person.position}: ${person.phone ? readablePhone(person.phone) : 'chưa có số điện thoại'} — ${subjectOf(about)}${code ? ` ${code}` : ''}`;

const callThem = ({ name, position, phone }: Whom): string =>
  phone ? `Đề nghị gọi điện cho đồng chí ${name}, ${position}: ${readablePhone(phone)}.` : `Đề nghị liên hệ trực tiếp đồng chí ${name}, ${position} (chưa có số điện thoại).`;

const REASONS: Readonly<Record<string, string>> = {
  'no-channel': 'người nhận chưa liên kết kênh nào đang dùng được',
  'attempts-exhausted': 'đã gửi lại nhiều lần không thành công',
  'channels-down': 'các kênh của người nhận đang gián đoạn hoặc quá tải, hệ thống vẫn tiếp tục gửi',
  'not-repeated': 'nhà cung cấp không cho biết tin có đến hay không, tin loại này không gửi lại',
  'unknown-twice': 'đã gửi hai lần, nhà cung cấp không cho biết tin có đến hay không',
  undelivered: 'nhà cung cấp báo không chuyển được tin, không còn kênh khác',
};

const subjectOf = (about: string): string => {
  if (about === 'digest') return 'bản tin nhắc việc tổng hợp';
  if (about.startsWith('meeting-')) return 'lịch họp';
  return about.startsWith('task-') ? 'nhiệm vụ được giao' : 'thông báo';
};

/** To the office: a message reached nobody, here is whom to call. */
export const deliveryDead = (n: { person: Whom; about: string; code: string; reason: string }): Message => ({
  text: [
    `⚠️ Chưa báo được cho người nhận${n.code ? ` · ${n.code}` : ''}`,
    callThem(n.person),
    `Nội dung cần báo: ${subjectOf(n.about)}${n.code ? ` ${n.code}` : ''}. Lý do: ${REASONS[n.reason] ?? 'hệ thống không gửi được tin này'}.`,
  ].join('\n'),
  summary: whomToCall(n.person, n.about, n.code),
});

/** To the office: every channel took an urgent message, and nobody answers. */
export const silentPerson = (n: { person: Whom; about: string; code: string }): Message => ({
  text: [
    `⚠️ Tin khẩn chưa có hồi âm${n.code ? ` · ${n.code}` : ''}`,
    callThem(n.person),
    `Nội dung cần báo: ${subjectOf(n.about)}${n.code ? ` ${n.code}` : ''}. Tin đã gửi qua mọi kênh của người nhận, chưa thấy dấu hiệu đã xem.`,
  ].join('\n'),
  summary: whomToCall(n.person, n.about, n.code),
});

/** To the office: messages find nobody in this person's place. */
export const personGone = (n: { person: Whom; about: string; code: string; loop: boolean }): Message => ({
  text: [
    `⚠️ Chưa có người nhận thay${n.code ? ` · ${n.code}` : ''}`,
    n.loop
      ? `Người nhận thay của đồng chí ${n.person.name}, ${n.person.position} được khai vòng quanh hoặc quá ba cấp, nên tin chưa chuyển được cho ai.`
      : `Tài khoản của đồng chí ${n.person.name}, ${n.person.position} đã khóa và chưa có người nhận thay, nên tin gửi đồng chí ấy không đến ai.`,
    `Tin gần nhất: ${subjectOf(n.about)}${n.code ? ` ${n.code}` : ''}. Đề nghị khai người nhận thay hoặc giao lại việc.`,
  ].join('\n'),
  summary: `${n.person.name}, ${n.person.position}: chưa có người nhận thay — ${subjectOf(n.about)}${n.code ? ` ${n.code}` : ''}`,
});

interface Whose {
  /** "đồng chí Nguyễn Tố Quyên, Chuyên viên", "hộp thư Sở Tài chính", "số 0912 345 678". */
  whose: string;
  phone?: string;
  channel: string;
}

const callWhose = ({ whose, phone }: Whose): string => `Đề nghị liên hệ ${whose}${phone ? `: ${readablePhone(phone)}` : ''}.`;

/** To the office: so many messages of one chat wait that more of them are refused. */
export const chatFull = (n: Whose): Message => ({
  text: [
    '⚠️ Một nơi gửi quá nhiều tin',
    `Tin của ${n.whose} qua ${channelName(n.channel)} đến dồn dập, đã đầy chỗ chờ xử lý; tin đến thêm lúc này không được ghi nhận.`,
    `Có thể máy gửi tự động. ${callWhose(n)}`,
  ].join('\n'),
  summary: `${n.whose} (${channelName(n.channel)}): gửi quá nhiều tin, tin đến thêm không được ghi nhận`,
});

/** To the office: a chat is answered no more for now, as a machine seems to write there; `code`: what it wrote about last, empty where it may not be named. */
export const answersStopped = (n: Whose & { code: string }): Message => ({
  text: [
    `⚠️ Đã ngừng trả lời tự động${n.code ? ` · ${n.code}` : ''}`,
    `Nhiều tin liên tiếp của ${n.whose} qua ${channelName(n.channel)} giống nhau, không rõ nội dung hoặc đến ngay sau tin trả lời, có thể do máy trả lời tự động; hệ thống tạm ngừng trả lời ở đó.`,
    `Nội dung rõ ràng vẫn được ghi nhận; có tin khác hẳn là hệ thống trả lời lại. ${callWhose(n)}`,
  ].join('\n'),
  summary: `${n.whose} (${channelName(n.channel)}): đã ngừng trả lời tự động${n.code ? ` — ${n.code}` : ''}`,
});

/** To the office: there was nobody to tell; `agency`: whose people are missing, empty where it may not be named. */
export const nobodyThere = (n: { about: string; code: string; agency: string }): Message => ({
  text: [
    `⚠️ Chưa có người nhận${n.code ? ` · ${n.code}` : ''}`,
    `${n.agency || 'Cơ quan được giao'} chưa có lãnh đạo hoặc người trả lời nhắc việc trong hệ thống, nên chưa báo được cho ai về ${subjectOf(n.about)}${n.code ? ` ${n.code}` : ''}.`,
    'Đề nghị bổ sung cán bộ của cơ quan này rồi bấm "Nhắc ngay".',
  ].join('\n'),
  summary: `Chưa có người nhận${n.agency ? ` ở ${n.agency}` : ''}: ${subjectOf(n.about)}${n.code ? ` ${n.code}` : ''}`,
});

/** To the office: a person's chat does not take messages any more. */
export const chatDead = (n: { person: Whom; channel: string }): Message => ({
  text: [
    `⚠️ Mất liên lạc qua ${channelName(n.channel)}`,
    `${channelName(n.channel)} của đồng chí ${n.person.name}, ${n.person.position} không nhận tin nữa; các tin sau được chuyển sang kênh khác nếu có.`,
    n.person.phone ? `Điện thoại: ${readablePhone(n.person.phone)}. Đồng chí ấy nhắn lại cho hệ thống là kênh được mở lại.` : 'Đồng chí ấy nhắn lại cho hệ thống là kênh được mở lại.',
  ].join('\n'),
});

/** To the office: a provider refuses us. */
export const channelStopped = (n: { channel: string; code: string }): Message => ({
  text: [
    `⚠️ Kênh ${channelName(n.channel)} đang từ chối tin (mã ${n.code})`,
    'Hệ thống tạm dừng kênh này và tự thử lại; tin được chuyển sang kênh khác nếu người nhận có. Đề nghị bộ phận kỹ thuật kiểm tra cấu hình.',
  ].join('\n'),
});

/** To the office: Zalo's permission ends and only a person can renew it. */
export const grantEnding = (n: { endsAt: Date; daysLeft: number }): Message => ({
  text: [
    `⚠️ Quyền gửi tin Zalo OA ${n.daysLeft > 0 ? `còn ${n.daysLeft} ngày` : 'sắp hết hạn'}`,
    `Hết hạn lúc ${formatInstant(n.endsAt)}; sau đó hệ thống không gửi được tin Zalo.`,
    'Đề nghị quản trị OA đăng nhập trang quản lý, mục "Kênh", bấm "Cấp quyền lại".',
  ].join('\n'),
});

/** To whoever asked for it in the back office, on their own chat. */
export const channelTest = (n: { channel: string; at: Date; name: string }): Message => ({
  text: [
    `✅ Tin gửi thử · kênh ${channelName(n.channel)}`,
    `Kính gửi đồng chí ${n.name}: kênh ${channelName(n.channel)} của hệ thống Nhắc Việc đang gửi được tin (${formatInstant(n.at)}).`,
    'Tin này để kiểm tra, đồng chí không cần trả lời.',
  ].join('\n'),
});

/** How people call a channel in a sentence. */
export const channelInWords = channelName;

/** The second copy of a message of which nobody knows whether the first arrived. */
export const repeated = (message: Message): Message => ({
  ...message,
  text: `Nhắc lại: ${message.text}\n(Gửi lại vì chưa rõ tin trước đã đến hay chưa.)`,
  ...(message.subject ? { subject: `Nhắc lại: ${message.subject}` } : {}),
});

/** Of many in whose place one message comes, so many are named. */
const NAMED = 10;

/** To whoever acts for others; `until`: away until then, null: that account is closed. `own`: the message is the reader's as well. */
export function onBehalf(message: Message, who: { deputy: Whom; away: readonly (Whom & { until: Date | null })[]; own: boolean }): Message {
  const why = (until: Date | null) => (until ? leaveText(until) : 'đã chuyển công tác hoặc nghỉ');
  const named = who.away.slice(0, NAMED).map(({ name, position, until }) => `đồng chí ${name}, ${position}, ${why(until)}`).join('; ');
  const absent = who.away.length > NAMED ? `${named}; và ${who.away.length - NAMED} người khác` : named;
  const line = `Gửi đồng chí ${who.deputy.name} (${who.own ? 'đồng thời ' : ''}nhận thay ${absent}):`;
  // Who is away does not read it; to whom it goes stands in the first line.
  const salutes = new Set(who.away.map(addressed));
  const text = message.text.split('\n').filter((said) => !salutes.has(said)).join('\n');
  return { ...message, text: `${line}\n${text}`, subject: message.subject ?? firstLine(message.text) };
}

/** The same message again by another channel, because nothing was heard of the first. */
export const furtherAttempt = (message: Message): Message => ({
  ...message,
  text: `Nhắc lại qua kênh khác: ${message.text}`,
  subject: `Nhắc lại: ${message.subject ?? firstLine(message.text)}`,
});

const firstLine = (text: string): string => text.split('\n')[0] ?? text;
