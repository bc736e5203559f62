import type { Urgency } from './directive.model.js';
import type { LocalDate } from '../kernel/local-date.js';

/** One task as the office or another system hands it in. */
export interface TaskInput {
  content: string;
  leadAgencyCode: string;
  coordinatingAgencyCodes?: string[];
  /** Officer who answers for the lead agency; absent: every officer of it. */
  officerId?: string;
  /** Officer of the Office who follows the task. */
  monitorId?: string;
  /** Leader who assigned it. */
  leaderId?: string;
  /** Day of the deadline, "YYYY-MM-DD" in Vietnam. Not together with `dueAt`. */
  dueOn?: LocalDate;
  /** Hour of the deadline; a text without an offset is Vietnamese wall-clock time. */
  dueAt?: string | Date;
}

/** A document with its tasks as handed in; `agencyCode` (issuing agency) defaults to "UBND". */
export interface DirectiveInput {
  symbol: string;
  agencyCode?: string;
  kind: string;
  /** "YYYY-MM-DD" */
  issuedOn: LocalDate;
  signer: string;
  summary: string;
  urgency: Urgency;
  /** Văn bản mật. */
  secret?: boolean;
  tasks: TaskInput[];
  /** Refuse deadlines that are over with 'due-past', so that a person can be asked. */
  askIfPast?: boolean;
  /** Refuse the whole with 'past-due-unconfirmed', which says how many messages would go: for programs that hand over many at once. */
  countIfPast?: boolean;
}
