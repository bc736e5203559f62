/** Keys of deliveries and intents; built here only, so that no two rooms invent the same one. */
export const keys = {
  /** The copy of an intent for one person. */
  forPerson: (intentKey: string, personId: string): string => `${intentKey}:${personId}`,
  /** The answer to something a person did in a chat; `cause` names it ("telegram:88:5531"). */
  reply: (cause: string): string => `reply:${cause}`,
  /** A step of a meeting's alert; `rev` is the meeting's revision that the step was written with. */
  meetingStep: (code: string, version: number, step: number, rev: number): string => `meeting:${code}:v${version}:s${step}:r${rev}`,
  /** A correction about a meeting that was told. */
  meetingCancelled: (code: string, version: number): string => `meeting:${code}:v${version}:cancelled`,
  /** The office hears once that a chat is gone; a person who came back and leaves again is a new event. */
  chatDead: (linkId: string, lastInboundAt: Date): string => `chat-dead:${linkId}:${lastInboundAt.getTime()}`,
  /** The office hears once that a message reached nobody. */
  deliveryDead: (deliveryKey: string): string => `delivery-dead:${deliveryKey}`,
  /** The office hears once that a message had nobody to go to. */
  nobody: (intentKey: string): string => `nobody:${intentKey}`,
  /** The office hears at most once an hour that a channel refuses us; `hour` is hours since the epoch. */
  channelStopped: (channel: string, hour: number): string => `channel-stopped:${channel}:${hour}`,
  /** A test message somebody asked for in the back office. */
  channelTest: (cause: string): string => `channel-test:${cause}`,
  /** The office hears once per step that the OA's permission ends; `issuedAt` names the permission. */
  grantEnding: (issuedAt: Date, daysLeft: number): string => `grant-ending:${issuedAt.getTime()}:${daysLeft}`,
} as const;
