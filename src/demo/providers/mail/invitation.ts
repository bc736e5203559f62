/** What a reader's calendar makes of an invitation (RFC 5545). */
export interface Invitation {
  method: 'REQUEST' | 'CANCEL';
  uid: string;
  sequence: number;
  title: string;
  place: string;
  startsAt: Date | null;
  /** Where the answer goes. */
  organizer: string;
  /** Whom it asks. */
  attendee: string;
  /** As sent. */
  ics: string;
}

export const invitationAnswers = ['ACCEPTED', 'DECLINED', 'TENTATIVE'] as const;
export type InvitationAnswer = (typeof invitationAnswers)[number];

/** Reads an invitation or its cancellation; null for anything else. */
export function readInvitation(ics: string): Invitation | null {
  const lines = ics.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const event = lines.slice(lines.indexOf('BEGIN:VEVENT') + 1, lines.indexOf('END:VEVENT'));
  const line = (name: string, among: readonly string[] = event): string => among.find((one) => new RegExp(`^${name}[;:]`).test(one)) ?? '';
  const value = (name: string): string => unescape(valueOf(line(name)));
  const method = valueOf(line('METHOD', lines));
  if (method !== 'REQUEST' && method !== 'CANCEL') return null;
  return {
    method, ics,
    uid: value('UID'),
    sequence: Number(value('SEQUENCE') || 0),
    title: value('SUMMARY'),
    place: value('LOCATION'),
    startsAt: instantOf(line('DTSTART')),
    organizer: value('ORGANIZER').replace(/^mailto:/i, ''),
    attendee: value('ATTENDEE').replace(/^mailto:/i, ''),
  };
}

/** What the reader's calendar sends back (RFC 5546 3.2.3). */
export function replyTo(invitation: Invitation, { answer, name, comment, now }: { answer: InvitationAnswer; name: string; comment: string; now: Date }): string {
  const event = [
    'BEGIN:VEVENT', `UID:${invitation.uid}`, `SEQUENCE:${invitation.sequence}`, `DTSTAMP:${now.toISOString().replace(/[-:]|\.\d{3}/g, '')}`,
    ...(invitation.startsAt ? [`DTSTART:${invitation.startsAt.toISOString().replace(/[-:]|\.\d{3}/g, '')}`] : []),
    `ORGANIZER:mailto:${invitation.organizer}`, `ATTENDEE;CN="${name.replace(/"/g, '')}";PARTSTAT=${answer}:mailto:${invitation.attendee}`,
    `SUMMARY:${escape(invitation.title)}`, ...(comment ? [`COMMENT:${escape(comment)}`] : []), 'END:VEVENT',
  ];
  return ['BEGIN:VCALENDAR', 'PRODID:-//Minh hoa//Lich//VI', 'VERSION:2.0', 'METHOD:REPLY', ...event, 'END:VCALENDAR', ''].flatMap(folded).join('\r\n');
}

/** Behind the first colon outside quotation marks. */
const valueOf = (line: string): string => /^(?:"[^"]*"|[^":])*:(.*)$/s.exec(line)?.[1]?.trim() ?? '';
const unescape = (text: string): string => text.replace(/\\n/gi, '\n').replace(/\\([,;\\])/g, '$1');
const escape = (text: string): string => text.replace(/[\\,;]/g, '\\$&').replace(/\r?\n/g, '\\n');

/** "DTSTART;TZID=Asia/Ho_Chi_Minh:20261123T160000" or a moment in UTC. */
function instantOf(line: string): Date | null {
  const [, y, mo, d, h, mi, s, utc] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)$/.exec(valueOf(line)) ?? [];
  return y ? new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}${utc ? 'Z' : '+07:00'}`) : null;
}

/** RFC 5545 3.1: at most 75 octets a line, no letter cut in two. */
function folded(line: string): string[] {
  const rows: string[] = [];
  let row = '';
  for (const letter of line) {
    if (Buffer.byteLength(row + letter) > 74) {
      rows.push(row);
      row = ' ';
    }
    row += letter;
  }
  return [...rows, row];
}
