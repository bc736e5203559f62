import type { FastifyReply } from 'fastify';
import type { ActionHandler, ActionResponse } from 'adminjs';
import { z } from 'zod';
import { because, type Ctx } from '../../src/context.js';
import { isDomainError, type DomainError } from '../../src/kernel/errors.js';
import type { Actor } from '../../src/people/actor.js';
import { currentUser } from '../current.js';
import { auditFieldWords } from '../locale/words.js';

/** What the office reads after a deed, and where the screen goes next. */
export interface Done {
  message: string;
  redirectUrl?: string;
  /** Shown once by the screen that asked, e.g. a link code; never stored by the browser. */
  result?: Record<string, unknown>;
}

/** The record the action was pressed on: its public id (code), or undefined for actions on the whole resource. */
export type RecordKey = string | undefined;

export type Deed<Form> = (ctx: Ctx, actor: Actor, form: Form, key: string) => Promise<Done>;

/** Nothing was done, and this sentence says why: for what only the office's screens refuse. */
export class NotDone extends Error {
  readonly status = 409;
}

/** To be confirmed first: the screen asks `question`, and sends the form again with `field` set. */
export class AskFirst extends Error {
  constructor(readonly ask: { field: string; question: string; words: string }) {
    super(ask.question);
  }
}

/** Minted by the screen when a form opens: pressing twice, or sending again after a time-out, does nothing twice. */
const nonceSchema = z.object({ nonce: z.string().regex(/^[A-Za-z0-9-]{16,64}$/) });

/**
 * Turns a use case into a button's handler: POST only, acting as the signed-in account, with a cause made of account and
 * form nonce. A rule's "no" becomes a Vietnamese notice with the field it concerns (`shownAt`: the form's name for it where it
 * differs); anything else is a bug and travels on.
 */
export function officeAction<Form>(ctx: Ctx, form: z.ZodType<Form>, deed: Deed<Form>, shownAt: Readonly<Record<string, string>> = {}): ActionHandler<ActionResponse> {
  return async (request, response: FastifyReply, context) => {
    const record = context.record?.toJSON(context.currentAdmin);
    if (request.method !== 'post') return { record };
    const user = currentUser();
    const nonce = nonceSchema.safeParse(request.payload);
    if (!user || !nonce.success) return refuse(response, 400, record, 'Biểu mẫu đã cũ. Đề nghị tải lại trang rồi thực hiện lại.');
    const read = form.safeParse(request.payload, { error: () => 'chưa đúng' });
    if (!read.success) return refuse(response, 400, record, 'Có mục chưa đúng, đề nghị xem lại.', fieldErrors(read.error));
    try {
      const cause = `admin:${String(user.account._id)}:${nonce.data.nonce}`;
      const { message, redirectUrl, result } = await deed(because(ctx, cause), user.actor, read.data, String(request.params.recordId ?? ''));
      const fresh = record ? await context.resource.findOne(String(record.id), context) : undefined;
      return { record: fresh?.toJSON(context.currentAdmin) ?? record, notice: { message, type: 'success' }, redirectUrl, result };
    } catch (error) {
      if (error instanceof AskFirst) return { ...refuse(response, 409, record, error.message), ask: error.ask };
      if (error instanceof NotDone) return refuse(response, error.status, record, error.message);
      if (!isDomainError(error)) throw error;
      return { ...refuse(response, error.status, record, spoken(error), domainField(error, shownAt)), ...questionOf(error), ...(isStale(error) ? { stale: true } : {}) };
    }
  };
}

/** What the form was opened on is no longer so: only loading it again helps. */
const isStale = ({ code }: DomainError): boolean => code === 'changed-meanwhile' || code === 'hold-changed';

/** A rule that only wants to be sure: the screen asks, and sends the form again with the field set. */
const questionOf = (error: DomainError): { ask?: { field: string; question: string; words: string } } =>
  error.code === 'due-past'
    ? { ask: { field: 'acceptPast', question: `${error.message} Vẫn giao?`, words: 'Vẫn giao' } }
    : error.code === 'meeting-day-off'
      ? { ask: { field: 'acceptDayOff', question: `${error.message} Vẫn họp vào ngày này?`, words: 'Vẫn họp ngày này' } }
      : {};

/** The same for several records at once: each is its own deed with its own result. `more` is said after the count. */
export function officeBulkAction(ctx: Ctx, deed: (ctx: Ctx, actor: Actor, key: string) => Promise<unknown>, more: () => Promise<string> = async () => ''): ActionHandler<ActionResponse> {
  return async (request, response: FastifyReply, context) => {
    const records = (context.records ?? []).map((record) => record.toJSON(context.currentAdmin));
    if (request.method !== 'post') return { records };
    const user = currentUser();
    const nonce = nonceSchema.safeParse(request.payload);
    if (!user || !nonce.success) return refuse(response, 400, undefined, 'Biểu mẫu đã cũ. Đề nghị tải lại trang rồi thực hiện lại.');
    const results: { key: string; ok: boolean; message: string }[] = [];
    for (const record of context.records ?? []) {
      const key = String(record.id());
      const problem = await problemOf(() => deed(because(ctx, `admin:${String(user.account._id)}:${nonce.data.nonce}:${key}`), user.actor, key));
      results.push({ key, ok: !problem, message: problem ?? '' });
    }
    const failed = results.filter(({ ok }) => !ok).length;
    const message = `Đã thực hiện ${results.length - failed}/${results.length} dòng. ${failed < results.length ? await more() : ''}`.trim();
    return { records, result: { results }, notice: { message, type: failed > 0 ? 'error' : 'success' } };
  };
}

async function problemOf(deed: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await deed();
    return undefined;
  } catch (error) {
    if (isDomainError(error) || error instanceof NotDone) return error.message;
    throw error;
  }
}

function refuse(response: FastifyReply, status: number, record: unknown, message: string, errors: Record<string, string> = {}): ActionResponse {
  void response.code(status);
  return { record, records: [], errors, notice: { message, type: 'error' } };
}

const fieldErrors = (error: z.ZodError): Record<string, string> =>
  Object.fromEntries(error.issues.map((issue) => [issue.path.join('.'), issue.message]).reverse());

function domainField(error: DomainError, shownAt: Readonly<Record<string, string>>): Record<string, string> {
  const { path, expected } = error.params;
  // Beside its field the sentence need not name it.
  const words = error.code === 'input-invalid' && typeof expected === 'string' ? `chưa đúng: ${expected}` : error.message;
  return typeof path === 'string' ? { [shownAt[path] ?? path]: words } : {};
}

/** The rule's sentence with the field as the form calls it, not as the program does. */
function spoken(error: DomainError): string {
  const { path, expected } = error.params;
  const label = typeof path === 'string' ? auditFieldWords[path] : undefined;
  return error.code === 'input-invalid' && label ? `Mục "${label.charAt(0).toUpperCase()}${label.slice(1)}" chưa đúng: ${String(expected ?? 'không hợp lệ')}.` : error.message;
}
