import type { Actor, FromPhone } from '../src/people/actor.js';
import type { Person } from '../src/people/person.model.js';
import { personActor } from '../src/people/receivers.js';

/** Who has this number, as the register says; more than one: nobody knows who wrote. */
export interface Holders {
  phone: string;
  people: readonly Person[];
}

/** The person as writing from that number. */
export const actorOf = (person: Person, from: FromPhone): Actor => personActor(person, 'sms', from);
