/** What the house tells the office about its own delivering. A notice that itself fails is not reported again: no loops. */
export const noticeKinds = ['chat-dead', 'delivery-dead', 'channel-stopped', 'nobody-there', 'person-gone', 'silent', 'grant-ending', 'chat-full', 'answers-stopped', 'chair-absent'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export const isNotice = (kind: string): boolean => (noticeKinds as readonly string[]).includes(kind);
