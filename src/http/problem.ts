import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyRequest } from 'fastify';
import { isDatabaseGone } from '../db/is-database-gone.js';
import { DomainError, errorKinds, isDomainError, type ErrorCode } from '../kernel/errors.js';
import { fieldOf, expectedOf, type SchemaProblem } from './schema-problem.js';

/** RFC 9457 body of every error answer. `code` is stable for programs, `detail` is for people. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** The field at fault, e.g. "tasks.0.leadAgencyCode". */
  path?: string;
  /** Helps to find the log lines of a bug. */
  requestId?: string;
}

/** What a bug looks like from outside. */
export const INTERNAL = { code: 'internal', status: 500, text: 'Hệ thống gặp lỗi khi xử lý yêu cầu. Sự việc đã được ghi lại để khắc phục.' } as const;

/** Every code an answer may carry. */
export const problemCodes: readonly string[] = [...Object.keys(errorKinds), INTERNAL.code];

/** The error as an answer. Anything unknown becomes "internal" and tells nothing. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  const known = isDomainError(error) ? error : translated(error);
  if (!known) return { ...shape(INTERNAL.code, INTERNAL.status, INTERNAL.text), requestId: request.id };
  const path = known.params['path'] ?? whereIs(known, request);
  return { ...shape(known.code, known.status, known.message), ...(typeof path === 'string' && path !== '' ? { path } : {}) };
}

const shape = (code: string, status: number, detail: string): Problem => ({ type: `urn:nhac-viec:problem:${code}`, title: STATUS_CODES[status] ?? 'Error', status, code, detail });

const byFastifyCode: Readonly<Record<string, () => DomainError>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: () => new DomainError('input-invalid', { path: '', expected: 'nội dung không phải là JSON đúng' }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new DomainError('input-invalid', { path: '', expected: 'thiếu nội dung JSON' }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new DomainError('input-invalid', { path: '', expected: 'nội dung bị cắt' }),
  FST_ERR_CTP_BODY_TOO_LARGE: () => new DomainError('body-too-large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new DomainError('media-type-unsupported'),
  // The caller hung up in the middle of the body.
  ECONNRESET: () => new DomainError('input-invalid', { path: '', expected: 'nội dung bị cắt' }),
  FST_ERR_BAD_URL: () => new DomainError('not-found'),
};

const byStatus: Readonly<Record<number, ErrorCode>> = { 401: 'not-signed-in', 403: 'forbidden', 404: 'not-found', 413: 'body-too-large', 415: 'media-type-unsupported', 429: 'too-many-requests', 503: 'unavailable' };

/** Errors of the framework and its plugins in our words; undefined for everything else. */
function translated(error: unknown): DomainError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (isDatabaseGone(error)) return new DomainError('unavailable');
  const { validation, code, statusCode } = error as Partial<FastifyError>;
  const first = validation?.[0] as SchemaProblem | undefined;
  if (first) return new DomainError('input-invalid', { path: fieldOf(first), expected: expectedOf(first) });
  const made = byFastifyCode[code ?? '']?.();
  if (made) return made;
  if (typeof code !== 'string' || !code.startsWith('FST_') || !statusCode) return undefined;
  const known = byStatus[statusCode];
  if (known) return new DomainError(known);
  return statusCode < 500 ? new DomainError('input-invalid', { path: '', expected: 'yêu cầu không đúng dạng' }) : undefined;
}

const unknowns: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['agency-unknown', 'person-unknown', 'attendee-unknown', 'task-unknown', 'meeting-unknown', 'directive-unknown']);

/** A rule that met an unknown code says which; the place where the request says it is the field at fault. */
function whereIs(error: DomainError, request: FastifyRequest): string | undefined {
  const said = error.params['code'] ?? error.params['id'];
  if (!unknowns.has(error.code) || said === undefined) return undefined;
  return find(request.body, said) ?? find(request.query, said) ?? find(request.params, said);
}

function find(tree: unknown, value: unknown, at = ''): string | undefined {
  if (tree === value) return at;
  if (typeof tree !== 'object' || tree === null) return undefined;
  for (const [key, branch] of Object.entries(tree)) {
    const found = find(branch, value, at === '' ? key : `${at}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
