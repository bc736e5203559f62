import { messageKindWords, wordOf } from './words.js';

/** What a message's label is made of; ask the database for these fields (`messageFields`). */
interface Labelled {
  kind: string;
  follows?: string | null;
  data?: Readonly<Record<string, unknown>>;
}

/** Fields to select for `messageWord`. */
export const messageFields = 'kind follows data.again data.agencyCode';

/** What a message is: a reminder of a meeting is not its call, and a further attempt is not a second message. */
export function messageWord({ kind, follows, data }: Labelled): string {
  const word = kind === 'meeting-alert' && data?.['again'] === true ? 'Nhắc họp' : wordOf(messageKindWords, kind);
  return follows ? `${word} (gửi lại qua kênh khác)` : word;
}
