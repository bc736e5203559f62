/** Ways out of the house. Adding one: a folder with a Sender, one line here, one in app.ts. */
export const channels = ['zalo', 'zalo-bot', 'telegram', 'zbs', 'sms', 'email'] as const;
export type Channel = (typeof channels)[number];

/** Channels a person can answer in. */
export const chatChannels = ['zalo', 'zalo-bot', 'telegram'] as const satisfies readonly Channel[];
export type ChatChannel = (typeof chatChannels)[number];

/** Channels an answer can come in on: chats, mail to the reply address of a matter, and SMS from a number in the register. */
export type AnswerChannel = ChatChannel | 'email' | 'sms';
