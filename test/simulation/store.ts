import { Types, type Schema } from 'mongoose';
import { accountSchema } from '../../src/people/accounts/account.model.js';
import { agencySchema } from '../../src/people/agency.model.js';
import { answeredRequestSchema } from '../../src/db/answered-request.model.js';
import { auditEntrySchema } from '../../src/audit/audit-entry.model.js';
import { calendarDaySchema } from '../../src/calendar/calendar-day.model.js';
import { chatLinkSchema } from '../../src/people/links/chat-link.model.js';
import { counterSchema } from '../../src/db/counter.model.js';
import { deliverySchema } from '../../src/delivery/delivery.model.js';
import { directiveSchema } from '../../src/directives/directive.model.js';
import { inboundSchema } from '../../src/inbox/inbound.model.js';
import { linkAttemptsSchema, linkCodeSchema } from '../../src/people/links/link-code.model.js';
import { meetingSchema } from '../../src/meetings/meeting.model.js';
import { personSchema } from '../../src/people/person.model.js';
import { stateSchema } from '../../src/db/state.model.js';
import { taskSchema } from '../../src/directives/task.model.js';
import type { Db } from '../../src/models.js';
import { Collection } from './collection.js';
import { fakeModel, type Wire } from './fake-model.js';
import { shapeOf, type Shape } from './shape.js';

const schemas = {
  Account: accountSchema, Agency: agencySchema, AnsweredRequest: answeredRequestSchema, AuditEntry: auditEntrySchema, CalendarDay: calendarDaySchema,
  ChatLink: chatLinkSchema, Counter: counterSchema, Delivery: deliverySchema, Directive: directiveSchema, Inbound: inboundSchema,
  LinkAttempts: linkAttemptsSchema, LinkCode: linkCodeSchema, Meeting: meetingSchema, Person: personSchema, State: stateSchema, Task: taskSchema,
} as const;

export type Name = keyof typeof schemas;
const names = Object.keys(schemas) as Name[];

let known: Record<Name, Shape> | null = null;
/** Read from the schemas once: it takes longer than a small simulation. */
const shapes = (): Record<Name, Shape> =>
  (known ??= Object.fromEntries(names.map((name) => [name, shapeOf(name, schemas[name] as unknown as Schema<never>)])) as Record<Name, Shape>);

/** All collections of one simulated house, shared by its instances. */
export interface Store {
  collections: Record<Name, Collection>;
  nextId(): Types.ObjectId;
  /** The database as one process reaches it. */
  through(wire: Wire): Db;
}

/** `unlike`: collections whose unique indexes are missing, for planted bugs. */
export function newStore(unlike: readonly Name[] = []): Store {
  let count = 0;
  const nextId = (): Types.ObjectId => new Types.ObjectId((++count).toString(16).padStart(24, '0'));
  const collections = Object.fromEntries(
    names.map((name) => [name, new Collection(shapes()[name], nextId, unlike.includes(name) ? [] : undefined)]),
  ) as Record<Name, Collection>;
  return {
    collections,
    nextId,
    through: (wire) => ({ conn: null, ...Object.fromEntries(names.map((name) => [name, fakeModel(collections[name], wire)])) }) as unknown as Db,
  };
}
