/** A button: either it acts as if the person had typed `command`, or it opens `url`. */
export type Button = { label: string; command: string } | { label: string; url: string };

export interface Attachment {
  name: string;
  contentType: string;
  content: Uint8Array;
}

/** A meeting as calendars know it (RFC 5546): the same `uid` and a higher `sequence` replace what was sent before. */
export interface CalendarEntry {
  method: 'REQUEST' | 'CANCEL';
  uid: string;
  sequence: number;
  title: string;
  startsAt: Date;
  /** Absent: an hour after the start. */
  endsAt?: Date;
  place?: string;
}

/** What people read, the same for all channels; one renderer per channel escapes, cuts and draws the buttons. */
export interface Message {
  /** Plain text, lines separated by \n, no markup. First line says what kind of message it is. */
  text: string;
  /** At most five; `command` is ASCII and at most 60 bytes (Telegram allows 64 bytes of callback data). */
  buttons?: Button[];
  /** E-mail subject where the channel has one; default is the first line. */
  subject?: string;
  /** The line that stands for this message in a digest; default is the first line. */
  summary?: string;
  /** Under which heading that line stands; default goes by the kind of message. */
  group?: 'overdue' | 'today' | 'soon';
  /** What may stand on the lock screen of a phone: a code and what to do; default is the first two lines. */
  short?: string;
  /** What it is about in words: an SMS carries an excerpt of it. */
  matter?: string;
  /** That excerpt as it stands in `text`, which may get shorter where there is no room. */
  excerpt?: string;
  /** What it is about ("NV-2026-00012"): channels with threads keep such messages together. */
  thread?: string;
  /** Files that go with it, already on this machine; channels that cannot carry them say so in the text. */
  attachments?: readonly Attachment[];
  /** An entry in the reader's calendar, for channels that can carry one. */
  calendar?: CalendarEntry;
  /** Nothing can be answered where it is read, only in the system: channels offer no way to answer. */
  onlyInSystem?: true;
  /** Offers to share the reader's own phone number where the channel has such a button; elsewhere nothing is shown. */
  askContact?: true;
  /** The kind of message and what it says in pieces, for channels that fill the blanks of approved templates instead of taking text. */
  kind?: string;
  params?: Readonly<Record<string, string>>;
}
