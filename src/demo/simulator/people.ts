import type { Channel } from '../../kernel/channels.js';

/** A person whose phone can be picked up in the simulator. */
export interface SimulatorPerson {
  /** Short and stable, part of addresses ("P12"). */
  id: string;
  name: string;
  position: string;
  /** Heading under which the list shows the person. */
  group: string;
  /** The provider's user id of the phone, on the channels it has. */
  phones: Partial<Record<Channel, string>>;
  /** Has a mailbox on the page /simulator/mail. */
  mailbox?: boolean;
  /** Where the person reads first: their phone opens there. */
  home?: Channel;
}

/** Which phones lie on the table first. */
export interface FirstPhones {
  left: { person: string; channel: Channel };
  right: { person: string; channel: Channel };
}
