import { addressed } from './common-texts.js';
import type { Message } from './message.js';
import { dayText, leaveText, momentText } from './when-texts.js';

interface Named {
  name: string;
  position: string;
}

interface Leave {
  from: Date;
  until: Date;
}

const named = ({ name, position }: Named): string => `đồng chí ${name}, ${position}`;

/** "nghỉ từ 23/11/2026 đến hết 25/11/2026" */
const spanText = ({ from, until }: Leave): string => `nghỉ từ ${momentText(from).endsWith('00:00') ? dayText(from) : momentText(from)} ${leaveText(until).replace(/^nghỉ /, '')}`;

/** To the person: their leave as the Office entered it, and where their messages go; `leave` null: it was taken back. */
export const ownLeave = (n: { reader: Named; leave: Leave | null; deputy: Named | null }): Message => ({
  text: [
    n.leave ? '🔔 Văn phòng đã ghi lịch nghỉ của đồng chí' : '🔔 Văn phòng đã bỏ lịch nghỉ của đồng chí',
    !n.leave ? 'Tin nhắc việc, giấy mời họp lại gửi đến đồng chí như trước.' : `Đồng chí ${spanText(n.leave)}. ${n.deputy ? `Tin gửi đồng chí trong thời gian này chuyển đến ${named(n.deputy)}.` : 'Chưa có người nhận thay: tin vẫn gửi đến đồng chí.'}`,
    addressed(n.reader),
    'Nếu chưa đúng, đề nghị báo Văn phòng UBND tỉnh.',
  ].join('\n'),
});

/** To whoever stands in. */
export const standsIn = (n: { reader: Named; absent: Named; leave: Leave }): Message => ({
  text: ['🔔 Nhận thay khi đồng chí khác nghỉ', `${capital(named(n.absent))}, ${spanText(n.leave)}. Trong thời gian này tin gửi đồng chí ấy chuyển đến đồng chí.`, addressed(n.reader), 'Nếu chưa đúng, đề nghị báo Văn phòng UBND tỉnh.'].join('\n'),
});

/** To whoever was to stand in and need not any more. */
export const standsInNoMore = (n: { reader: Named; absent: Named }): Message => ({
  text: ['🔔 Thôi nhận thay', `Đồng chí không phải nhận tin thay ${named(n.absent)} nữa.`, addressed(n.reader)].join('\n'),
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
