/** Keys of deliveries and intents; built here only, so that no two rooms invent the same one. */
export const keys = {
  /** The copy of an intent for one person. */
  forPerson: (intentKey: string, personId: string): string => `${intentKey}:${personId}`,
  /** The answer to something a person did in a chat; `cause` names it ("telegram:88:5531"). */
  reply: (cause: string): string => `reply:${cause}`,
  /** A step of a meeting's alert; `rev` is the meeting's revision that the step was written with. */
  meetingStep: (code: string, version: number, step: number, rev: number): string => `meeting:${code}:v${version}:s${step}:r${rev}`,
  /** The copies for the mailboxes of the agencies whose people are invited; one each per version. */
  meetingAgencies: (code: string, version: number): string => `meeting:${code}:v${version}:agencies`,
  /** One more invitation to somebody silent; `cause` is what asked for it. */
  meetingAgain: (code: string, version: number, cause: string): string => `meeting:${code}:v${version}:again:${cause}`,
  /** A correction about a meeting that was told. */
  meetingCancelled: (code: string, version: number): string => `meeting:${code}:v${version}:cancelled`,
  /** To people taken off a meeting's list; `rev` is the meeting's revision that was changed. */
  meetingWithdrawn: (code: string, version: number, rev: number): string => `meeting:${code}:v${version}:withdrawn:r${rev}`,
  /** A changed list of people, for the mailboxes that have the former one. */
  meetingList: (code: string, version: number, rev: number): string => `meeting:${code}:v${version}:list:r${rev}`,
  /** Another presides; `rev` is the meeting's revision that was changed. */
  meetingChair: (code: string, version: number, rev: number): string => `meeting:${code}:v${version}:chair:r${rev}`,
  /** The office hears that who presides will not come; `since` is the cause of the answer that began this absence. */
  chairAbsent: (code: string, version: number, since: string): string => `meeting:${code}:v${version}:chair-absent:${since}`,
  /** The office hears once that a chat is gone; a person who came back and leaves again is a new event. */
  chatDead: (linkId: string, lastInboundAt: Date): string => `chat-dead:${linkId}:${lastInboundAt.getTime()}`,
  /** The office hears once a day that an address is gone; `owner` is a person's id or an agency's code, `day` a date in Vietnam. */
  mailboxDead: (owner: string, address: string, day: string): string => `mailbox-dead:${owner}:${address}:${day}`,
  /** The copy of an intent for an agency's mailbox. */
  forAgency: (intentKey: string, agencyCode: string): string => `${intentKey}:agency:${agencyCode}`,
  /** The office hears once that a message reached nobody. */
  deliveryDead: (deliveryKey: string): string => `delivery-dead:${deliveryKey}`,
  /** A leave was entered or changed; `mark` names the change. */
  leave: (personId: string, mark: string): string => `leave:${personId}:${mark}`,
  /** The office hears once that a message had nobody to go to. */
  nobody: (intentKey: string): string => `nobody:${intentKey}`,
  /** The copy for whoever acts for somebody, where the key does not end with the person. */
  acting: (deliveryKey: string, deputyId: string): string => `${deliveryKey}@${deputyId}`,
  /** The office hears once of an urgent message that nobody answers and no channel is left for. */
  silent: (deliveryKey: string): string => `silent:${deliveryKey}`,
  /** The office hears once a day that messages find nobody in somebody's place; `day` is a date in Vietnam. */
  personGone: (personId: string, day: string): string => `person-gone:${personId}:${day}`,
  /** The office hears at most once an hour that a channel refuses us; `hour` is hours since the epoch. */
  channelStopped: (channel: string, hour: number): string => `channel-stopped:${channel}:${hour}`,
  /** The SMS with the code of a proving. */
  phoneCode: (id: string): string => `phone-code:${id}`,
  /** The office hears once of an answer that a number is not the person's. */
  phoneDisowned: (personId: string, answerId: string): string => `phone-disowned:${personId}:${answerId}`,
  /** The office hears once that Zalo takes a template no more; one saved anew is a new matter. */
  templateRefused: (templateId: string, savedAt: Date): string => `template-refused:${templateId}:${savedAt.getTime()}`,
  /** A test message somebody asked for in the back office. */
  channelTest: (cause: string): string => `channel-test:${cause}`,
  /** The office hears once a day that too much of one chat waits, or that a chat is answered no more; `day` is a date in Vietnam. */
  machineTalk: (kind: 'chat-full' | 'answers-stopped', chat: { channel: string; chatId: string }, day: string): string => `${kind}:${chat.channel}:${chat.chatId}:${day}`,
  /** The office hears once per step that the OA's permission ends; `issuedAt` names the permission. */
  grantEnding: (issuedAt: Date, daysLeft: number): string => `grant-ending:${issuedAt.getTime()}:${daysLeft}`,
} as const;
