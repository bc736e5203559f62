/** A button: either it acts as if the person had typed `command`, or it opens `url`. */
export type Button = { label: string; command: string } | { label: string; url: string };

/** What people read, the same for all channels; one renderer per channel escapes, cuts and draws the buttons. */
export interface Message {
  /** Plain text, lines separated by \n, no markup. First line says what kind of message it is. */
  text: string;
  /** At most five; `command` is ASCII and at most 60 bytes (Telegram allows 64 bytes of callback data). */
  buttons?: Button[];
  /** E-mail subject where the channel has one; default is the first line. */
  subject?: string;
  /** Offers to share the reader's own phone number where the channel has such a button; elsewhere nothing is shown. */
  askContact?: true;
  /** The kind of message and what it says in pieces, for channels that fill the blanks of approved templates instead of taking text. */
  kind?: string;
  params?: Readonly<Record<string, string>>;
}
