import type { ChatChannel } from '../../kernel/channels.js';

/** A person whose phone can be picked up in the simulator. */
export interface SimulatorPerson {
  /** Short and stable, part of addresses ("P12"). */
  id: string;
  name: string;
  position: string;
  /** Heading under which the list shows the person. */
  group: string;
  /** The provider's user id of the phone, on the channels it has. */
  phones: Partial<Record<ChatChannel, string>>;
}

/** Which phones lie on the table first. */
export interface FirstPhones {
  left: { person: string; channel: ChatChannel };
  right: { person: string; channel: ChatChannel };
}
