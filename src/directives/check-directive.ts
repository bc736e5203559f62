import { DomainError } from '../kernel/errors.js';
import { isLocalDate } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { mustBeActiveAgency } from './check-people.js';
import { mustBeText } from './clean-text.js';
import { urgencies, type Directive } from './directive.model.js';
import { checkTask, type CheckedTask } from './new-task.js';
import type { Roster } from './roster.js';
import type { DirectiveInput } from './task-input.js';

/** What makes a document one and the same: NĐ 30/2020 numbers per issuing agency and year. */
export type DirectiveIdentity = Pick<Directive, 'symbol' | 'agencyCode' | 'year' | 'issuedOn'>;

const MAX_TASKS = 500;

/** Reads symbol (NFC, single blanks), issuing agency and year. Throws input-invalid. */
export function identityOf(input: DirectiveInput): DirectiveIdentity {
  const symbol = mustBeText(input.symbol, 'symbol', 100).replace(/\s+/g, ' ');
  if (!isLocalDate(input.issuedOn)) throw new DomainError('input-invalid', { path: 'issuedOn', expected: 'ngày có thật, dạng YYYY-MM-DD' });
  return { symbol, agencyCode: input.agencyCode ?? 'UBND', year: Number(input.issuedOn.slice(0, 4)), issuedOn: input.issuedOn };
}

export type CheckedDirective = Pick<Directive, 'kind' | 'signer' | 'summary' | 'urgency' | 'secret'> & { tasks: CheckedTask[] };

/** Checks everything in a document before anything is written. Throws the first DomainError, with the field's path. */
export function checkDirective(input: DirectiveInput, at: { roster: Roster; calendar: WorkingCalendar; now: Date }): CheckedDirective {
  const kind = mustBeText(input.kind, 'kind', 100);
  const signer = mustBeText(input.signer, 'signer', 200);
  const summary = mustBeText(input.summary, 'summary', 2_000);
  if (!urgencies.includes(input.urgency)) throw new DomainError('input-invalid', { path: 'urgency', expected: urgencies.join(' | ') });
  if (input.tasks.length < 1 || input.tasks.length > MAX_TASKS) throw new DomainError('input-invalid', { path: 'tasks', expected: `từ 1 đến ${MAX_TASKS} nhiệm vụ` });
  // Where none is named the issuer is the province's own committee, which need not be in the list of agencies.
  if (input.agencyCode) mustBeActiveAgency(at.roster, input.agencyCode, 'agencyCode');
  const tasks = input.tasks.map((task, i) => checkTask(task, { ...at, issuedOn: input.issuedOn, path: `tasks.${i}.`, askIfPast: input.askIfPast ?? false }));
  return { kind, signer, summary, urgency: input.urgency, secret: input.secret ?? false, tasks };
}
