import type { Connection, Model } from 'mongoose';
import { buildIndexes, openConnection } from './db/connect.js';
import { auditEntrySchema, type AuditEntry } from './audit/audit-entry.model.js';
import { calendarDaySchema, type CalendarDayRecord } from './calendar/calendar-day.model.js';
import { answeredRequestSchema, type AnsweredRequest } from './db/answered-request.model.js';
import { counterSchema, type Counter } from './db/counter.model.js';
import { stateSchema, type StateRecord } from './db/state.model.js';
import { deliverySchema, type Delivery } from './delivery/delivery.model.js';
import { ledgerEntrySchema, type LedgerEntry } from './delivery/ledger/ledger-entry.model.js';
import { zbsTemplateSchema, type ZbsTemplate } from './delivery/zbs/zbs-template.model.js';
import { directiveSchema, type Directive } from './directives/directive.model.js';
import { taskSchema, type Task } from './directives/task.model.js';
import { filePieceSchema, storedFileSchema, type FilePiece, type StoredFile } from './files/file.model.js';
import { inboundSchema, type InboundRecord } from './inbox/inbound.model.js';
import { unreadWordsSchema, type UnreadWords } from './inbox/unread-words.model.js';
import { meetingSchema, type Meeting } from './meetings/meeting.model.js';
import { accountSchema, type Account } from './people/accounts/account.model.js';
import { agencySchema, type Agency } from './people/agency.model.js';
import { chatLinkSchema, type ChatLink } from './people/links/chat-link.model.js';
import { linkAttemptsSchema, linkCodeSchema, type LinkAttempts, type LinkCode } from './people/links/link-code.model.js';
import { personSchema, type Person } from './people/person.model.js';
import { phoneCodeSchema, type PhoneCode } from './people/phones/phone-code.model.js';

/** The database's table of contents, bound to one connection. */
export interface Db {
  conn: Connection;
  Account: Model<Account>;
  Agency: Model<Agency>;
  AnsweredRequest: Model<AnsweredRequest>;
  AuditEntry: Model<AuditEntry>;
  CalendarDay: Model<CalendarDayRecord>;
  ChatLink: Model<ChatLink>;
  Counter: Model<Counter>;
  Delivery: Model<Delivery>;
  Directive: Model<Directive>;
  FilePiece: Model<FilePiece>;
  Inbound: Model<InboundRecord>;
  LedgerEntry: Model<LedgerEntry>;
  LinkAttempts: Model<LinkAttempts>;
  LinkCode: Model<LinkCode>;
  Meeting: Model<Meeting>;
  Person: Model<Person>;
  PhoneCode: Model<PhoneCode>;
  State: Model<StateRecord>;
  StoredFile: Model<StoredFile>;
  Task: Model<Task>;
  UnreadWords: Model<UnreadWords>;
  ZbsTemplate: Model<ZbsTemplate>;
}

/** All models on a connection. A new collection: its schema in its room, one line above, one below. */
export function buildModels(conn: Connection): Db {
  return {
    conn,
    Account: conn.model<Account>('Account', accountSchema),
    Agency: conn.model<Agency>('Agency', agencySchema),
    AnsweredRequest: conn.model<AnsweredRequest>('AnsweredRequest', answeredRequestSchema),
    AuditEntry: conn.model<AuditEntry>('AuditEntry', auditEntrySchema),
    CalendarDay: conn.model<CalendarDayRecord>('CalendarDay', calendarDaySchema),
    ChatLink: conn.model<ChatLink>('ChatLink', chatLinkSchema),
    Counter: conn.model<Counter>('Counter', counterSchema),
    Delivery: conn.model<Delivery>('Delivery', deliverySchema),
    Directive: conn.model<Directive>('Directive', directiveSchema),
    FilePiece: conn.model<FilePiece>('FilePiece', filePieceSchema),
    Inbound: conn.model<InboundRecord>('Inbound', inboundSchema),
    LedgerEntry: conn.model<LedgerEntry>('LedgerEntry', ledgerEntrySchema),
    LinkAttempts: conn.model<LinkAttempts>('LinkAttempts', linkAttemptsSchema),
    LinkCode: conn.model<LinkCode>('LinkCode', linkCodeSchema),
    Meeting: conn.model<Meeting>('Meeting', meetingSchema),
    Person: conn.model<Person>('Person', personSchema),
    PhoneCode: conn.model<PhoneCode>('PhoneCode', phoneCodeSchema),
    State: conn.model<StateRecord>('State', stateSchema),
    StoredFile: conn.model<StoredFile>('StoredFile', storedFileSchema),
    Task: conn.model<Task>('Task', taskSchema),
    UnreadWords: conn.model<UnreadWords>('UnreadWords', unreadWordsSchema),
    ZbsTemplate: conn.model<ZbsTemplate>('ZbsTemplate', zbsTemplateSchema),
  };
}

/** Opens a database with all models and every index in place. */
export async function openDb(uri: string, dbName?: string): Promise<Db> {
  const db = buildModels(await openConnection(uri, dbName));
  await buildIndexes(db.conn);
  return db;
}
