import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalAttendeeType, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { DateTime } from 'luxon';
import { ZONE } from '../kernel/local-date.js';
import type { CalendarReply } from '../inbox/inbound.js';
import type { CalendarEntry } from '../texts/message.js';

/** Vietnam has had no daylight saving time since 1975: one offset says it all. */
const VTIMEZONE = ['BEGIN:VTIMEZONE', `TZID:${ZONE}`, 'BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0700', 'TZOFFSETTO:+0700', 'TZNAME:+07', 'END:STANDARD', 'END:VTIMEZONE'].join('\r\n');
const USUAL_MS = 3_600_000;

/** Who invites whom; answers go to the organizer's address. */
export interface Invitation {
  entry: CalendarEntry;
  organizer: { name: string; email: string };
  attendee: { name: string; email: string };
  /** The words of the mail. */
  description: string;
  now: Date;
}

/** An iCalendar REQUEST or CANCEL (RFC 5546) for one attendee, in Vietnamese time. */
export function icsOf({ entry, organizer, attendee, description, now }: Invitation): string {
  const cancelled = entry.method === 'CANCEL';
  // Without a zone of the calendar itself DTSTAMP stays UTC, as RFC 5545 wants it; the event brings its own.
  const calendar = ical({ method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST, prodId: '//Nhac Viec//Nhac Viec//VI', timezone: { name: null, generator: () => VTIMEZONE } });
  calendar.createEvent({
    id: entry.uid,
    sequence: entry.sequence,
    stamp: local(now),
    start: local(entry.startsAt),
    end: local(entry.endsAt ?? new Date(entry.startsAt.getTime() + USUAL_MS)),
    timezone: ZONE,
    summary: clean(entry.title),
    description: clean(description),
    ...(entry.place ? { location: clean(entry.place) } : {}),
    organizer: { name: unquoted(organizer.name), email: organizer.email },
    attendees: [{ name: unquoted(attendee.name), email: attendee.email, rsvp: !cancelled, role: ICalAttendeeRole.REQ, status: ICalAttendeeStatus.NEEDSACTION, type: ICalAttendeeType.INDIVIDUAL }],
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  return calendar.toString();
}

const local = (instant: Date): DateTime => DateTime.fromJSDate(instant, { zone: ZONE });
// eslint-disable-next-line no-control-regex -- exactly those are meant
const clean = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
/** Parameters know no way to write a quotation mark. */
const unquoted = (text: string): string => clean(text).replace(/["\n]/g, '').trim() || 'Nhắc Việc';

/** Our own have about sixty characters. */
const MAX_UID = 200;

const answers: Readonly<Record<string, CalendarReply['answer']>> = { ACCEPTED: 'attending', DECLINED: 'absent', TENTATIVE: 'received' };

/**
 * Reads the answer of a calendar: METHOD:REPLY with one event and one attendee, as RFC 5546 3.2.3 has it. Undefined for
 * everything else (requests, counter proposals, delegation, names longer than any of ours).
 */
export function readCalendarReply(ics: string): CalendarReply | undefined {
  const lines = ics.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const event = lines.slice(lines.findIndex((line) => /^BEGIN:VEVENT$/i.test(line.trim())) + 1, lines.findIndex((line) => /^END:VEVENT$/i.test(line.trim())));
  const value = (among: readonly string[], name: string) => among.find((line) => new RegExp(`^${name}[;:]`, 'i').test(line));
  const plain = (line: string | undefined): string => (line ? unescape(line.slice(line.indexOf(':') + 1)).trim() : '');
  if (plain(value(lines, 'METHOD')).toUpperCase() !== 'REPLY') return undefined;
  const who = value(event, 'ATTENDEE') ?? '';
  const partstat = /;PARTSTAT="?([A-Z-]+)"?/i.exec(who)?.[1]?.toUpperCase();
  const answer = partstat ? answers[partstat] : undefined;
  const uid = plain(value(event, 'UID'));
  if (!answer || !uid || uid.length > MAX_UID || event.filter((line) => /^ATTENDEE[;:]/i.test(line)).length !== 1) return undefined;
  return { uid, sequence: Number(/^\d{1,9}$/.exec(plain(value(event, 'SEQUENCE')))?.[0] ?? 0), answer, note: plain(value(event, 'COMMENT')).slice(0, 500), attendee: ADDRESS.exec(who)?.[1]?.toLowerCase() ?? '' };
}

/** The value of a line, which stands behind its parameters (SENT-BY is one). */
const ADDRESS = /:mailto:([^\s:;,"<>]+@[^\s:;,"<>]+)\s*$/i;

const unescape = (text: string): string => text.replace(/\\n/gi, '\n').replace(/\\([,;\\])/g, '$1');
