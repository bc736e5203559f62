import type { RecordJSON } from 'adminjs';

/** What the office's actions answer (actions/office-action.ts). */
export interface Answer {
  notice?: { message: string; type: 'success' | 'error' };
  errors?: Record<string, string>;
  redirectUrl?: string;
  /** The record as it is after the deed. */
  record?: RecordJSON;
  result?: Record<string, unknown>;
  /** Somebody was quicker: what the screen shows is old. */
  stale?: boolean;
  /** Something to be confirmed before it is done: the form is sent again with `field` set. */
  ask?: { field: string; question: string; words: string };
}

const UNREACHABLE: Answer = { notice: { type: 'error', message: 'Chưa kết nối được máy chủ. Đề nghị kiểm tra mạng rồi bấm lại; bấm lại không tạo hai lần.' } };

/** Reads JSON from our own routes; a lost session leads to the login page and back. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, credentials: 'same-origin' });
  leaveIfSignedOut(response.status);
  const body = (await response.json()) as T & { message?: string };
  if (!response.ok) throw new Error(body.message ?? 'Chưa tải được dữ liệu.');
  return body;
}

/** Presses a button: always POST, with the nonce that makes a second press harmless. Never throws. */
export async function press(url: string, form: Record<string, unknown>): Promise<Answer> {
  try {
    const response = await fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(form) });
    leaveIfSignedOut(response.status);
    return (await response.json()) as Answer;
  } catch {
    return UNREACHABLE;
  }
}

/** A fresh nonce; crypto.randomUUID is missing on plain http in an office network. */
export const newNonce = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Address of an AdminJS action. */
export const actionUrl = (resourceId: string, action: string, recordId?: string): string =>
  recordId ? `/admin/api/resources/${resourceId}/records/${encodeURIComponent(recordId)}/${action}` : `/admin/api/resources/${resourceId}/actions/${action}`;

/** Address of a record's page or of an action's screen. */
export const pageUrl = (resourceId: string, recordId: string, action = 'show'): string =>
  `/admin/resources/${resourceId}/records/${encodeURIComponent(recordId)}/${action}`;

export function leaveIfSignedOut(status: number): void {
  if (status === 401) window.location.assign(`/admin/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
}
