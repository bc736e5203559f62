import { formatInstant, formatWeekday, localDateOf, yearOf } from '../kernel/local-date.js';
import { addressed, MAX_BUTTONS, shortCode } from './common-texts.js';
import type { Button, Message } from './message.js';

/** One message as a digest shows it. */
export interface DigestLine {
  text: string;
  kind: string;
  group?: Message['group'];
  /** Official code of its task or meeting; null where it has none, or none that may be named. */
  code: string | null;
  /** Asks for an answer on that task or meeting. */
  asks: 'progress' | 'receipt' | null;
  /** Of a secret matter: counted, never named. */
  secret: boolean;
  /** The deadline of the task, or when the meeting begins, where known. */
  by?: Date | null;
}

export interface DigestFacts {
  style: 'daily' | 'catch-up' | 'notices' | 'others';
  /** Of the urgent lane. */
  urgent?: boolean;
  /** A person, or an agency through its mailbox: that has no post. */
  reader: { name: string; position: string };
  lines: readonly DigestLine[];
  now: Date;
  /** Page of the back office that shows all of them; undefined where it has no address. */
  page?: string;
}

/** Lines in all; the rest is counted. */
const MOST_LINES = 20;
const UPDATE_BUTTONS = 3;

const groups = [
  { name: 'overdue', label: 'QUÁ HẠN' },
  { name: 'today', label: 'ĐẾN HẠN HÔM NAY' },
  { name: 'soon', label: 'SẮP ĐẾN HẠN' },
  { name: 'assigned', label: 'NHIỆM VỤ MỚI' },
  { name: 'meeting', label: 'LỊCH HỌP' },
  { name: 'task', label: 'NHIỆM VỤ KHÁC' },
  { name: 'other', label: 'TIN KHÁC' },
] as const;
type Group = (typeof groups)[number]['name'];

function groupOf({ group, kind }: DigestLine): Group {
  if (group) return group;
  if (kind === 'task-assigned') return 'assigned';
  if (kind.startsWith('meeting-')) return 'meeting';
  return kind.startsWith('task-') ? 'task' : 'other';
}

/** Many messages as one. */
export function digest(facts: DigestFacts): Message {
  if (facts.style === 'notices') return notices(facts);
  if (facts.style === 'others') return othersAtOnce(facts);
  const named = facts.lines.filter((line) => !line.secret);
  const hidden = facts.lines.length - named.length;
  const about = whatTheyAre(facts.lines);
  const total = `${facts.lines.length} ${about}`;
  const title = facts.style === 'daily' ? `🔔 Nhắc việc ${formatWeekday(localDateOf(facts.now))} · ${total}` : `🔔 Tin trong thời gian hệ thống gián đoạn · ${total}`;
  const text = [
    title,
    addressed(facts.reader),
    ...(facts.style === 'catch-up' ? [`Trong thời gian hệ thống gián đoạn, các việc sau đã đến lúc báo ${you(facts)}:`] : []),
    ...grouped(named, about),
    ...(hidden > 0 ? [`Có ${hidden} việc${named.length > 0 ? ' khác' : ''} cần xem trên hệ thống, mời ${you(facts)} đăng nhập.`] : []),
    ...howToUpdate(named, facts.now),
  ].join('\n');
  const buttons = digestButtons(named, facts.now);
  return { text, short: `${title}\n${counted(named, hidden)}`, ...(buttons.length > 0 ? { buttons } : {}) };
}

const you = ({ reader }: DigestFacts): string => (reader.position ? 'đồng chí' : 'quý cơ quan');

/** The form of a report, on the first task of the digest that asks for one. */
function howToUpdate(lines: readonly DigestLine[], now: Date): string[] {
  const code = [...lines].sort((a, b) => place(a) - place(b)).find((line) => line.asks === 'progress' && line.code)?.code;
  return code ? [`Cập nhật, ví dụ: /capnhat ${shortCode(code, yearOf(now))} 70% nội dung.`] : [];
}

const whatTheyAre = (lines: readonly DigestLine[]): string => (lines.every(({ kind }) => kind.startsWith('task-')) ? 'nhiệm vụ' : 'tin');

/** At most twenty lines, the most pressing groups first. */
function grouped(lines: readonly DigestLine[], about: string): string[] {
  const shown: string[] = [];
  let left = MOST_LINES;
  for (const { name, label } of groups) {
    const theirs = lines.filter((line) => groupOf(line) === name);
    if (theirs.length === 0 || left === 0) continue;
    shown.push(`${label} (${theirs.length})`, ...theirs.slice(0, left).map((line) => `- ${line.text}`));
    left -= Math.min(left, theirs.length);
  }
  return lines.length > MOST_LINES ? [...shown, `và ${lines.length - MOST_LINES} ${about} khác.`] : shown;
}

/** For a lock screen: how many of what, and where to look. */
function counted(named: readonly DigestLine[], hidden: number): string {
  const parts = groups.flatMap(({ name, label }) => {
    const n = named.filter((line) => groupOf(line) === name).length;
    return n > 0 ? [`${n} ${label.toLowerCase()}`] : [];
  });
  return `${[...parts, ...(hidden > 0 ? [`${hidden} việc khác`] : [])].join(', ')}. Đề nghị mở hệ thống để xem và cập nhật.`;
}

function digestButtons(lines: readonly DigestLine[], now: Date): Button[] {
  const year = yearOf(now);
  const urgentFirst = [...lines].sort((a, b) => place(a) - place(b));
  const answers = urgentFirst.flatMap(({ code, asks }): Button[] => {
    if (!code || !asks) return [];
    const short = shortCode(code, year);
    return [asks === 'progress' ? { label: `Cập nhật ${short}`, command: `/capnhat ${code}` } : { label: `Đã nhận ${short}`, command: `/xacnhan ${code}` }];
  });
  const list: Button[] = lines.some(({ kind }) => kind.startsWith('task-')) ? [{ label: 'Xem nhiệm vụ', command: '/nhiemvu' }] : [];
  return [...list, ...answers.slice(0, UPDATE_BUTTONS)].slice(0, MAX_BUTTONS);
}

const place = (line: DigestLine): number => groups.findIndex(({ name }) => name === groupOf(line));

/** To the office: notices that came in a swarm. */
function notices({ lines, page }: DigestFacts): Message {
  return {
    text: [
      `⚠️ ${lines.length} thông báo về việc gửi tin`,
      'Đề nghị xem từng trường hợp và gọi điện cho người chưa nhận được tin:',
      ...lines.slice(0, MOST_LINES).map((line) => `- ${line.text}`),
      ...(lines.length > MOST_LINES ? [`và ${lines.length - MOST_LINES} trường hợp khác.`] : []),
      'Xem tất cả: trang quản lý, mục "Tin gửi đi", lọc "Có vấn đề".',
    ].join('\n'),
    ...(page ? { buttons: [{ label: 'Xem tất cả', url: page }] } : {}),
  };
}

/** To somebody who acts for many, or is called in for many: all that came at once, the nearest deadlines first. */
function othersAtOnce(facts: DigestFacts): Message {
  const lines = [...facts.lines.filter((line) => !line.secret)].sort((a, b) => (a.by?.getTime() ?? Infinity) - (b.by?.getTime() ?? Infinity));
  const hidden = facts.lines.length - lines.length;
  const title = `${facts.urgent ? '🔴 KHẨN' : '🔔'} · ${facts.lines.length} tin cùng lúc cần đồng chí xử lý`;
  const buttons = digestButtons(lines, facts.now);
  const nearest = lines.slice(0, 3).map(({ code, by }) => (code ? `${code}${by ? ` (${formatInstant(by)})` : ''}` : '')).filter(Boolean).join(', ');
  return {
    text: [
      title,
      addressed(facts.reader),
      'Trong ít phút có nhiều tin gửi đồng chí do người khác vắng hoặc chưa trả lời, hệ thống gộp thành một tin. Việc gần hạn nhất xếp trước:',
      ...lines.slice(0, MOST_LINES).map((line) => `- ${line.by ? `${formatInstant(line.by)} · ` : ''}${codeBefore(line)}${line.text}`),
      ...(lines.length > MOST_LINES ? [`và ${lines.length - MOST_LINES} tin khác.`] : []),
      ...(hidden > 0 ? [`Có ${hidden} việc${lines.length > 0 ? ' khác' : ''} cần xem trên hệ thống, mời ${you(facts)} đăng nhập.`] : []),
      'Xem đủ: /nhiemvu (nhiệm vụ), /hop (lịch họp).',
    ].join('\n'),
    short: `${title}${nearest ? `\nGần hạn nhất: ${nearest}. Đề nghị mở hệ thống để xem.` : '. Đề nghị mở hệ thống để xem.'}`,
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

const codeBefore = ({ code, text }: DigestLine): string => (code && !text.includes(code) ? `${code}: ` : '');
