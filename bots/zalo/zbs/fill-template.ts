import type { ZbsParam, ZbsTemplate } from '../../../src/delivery/zbs/zbs-template.model.js';
import type { Message } from '../../../src/texts/message.js';
import { fit, readable } from '../text.js';

/** `template_data` for Zalo, or the parameter that cannot be filled: then nothing is sent. */
export type Filled = { data: Record<string, string> } | { problem: string };

/** Fills a template's blanks from a message's pieces; every value fits its blank. Pure. */
export function fillTemplate(template: Pick<ZbsTemplate, 'params'>, message: Pick<Message, 'params'>): Filled {
  const data: Record<string, string> = {};
  for (const param of template.params) {
    const value = valueFor(param, message.params?.[param.from]);
    if (value === undefined) return { problem: param.name };
    data[param.name] = value;
  }
  return { data };
}

const DATE = /^(?:\d{2}:\d{2}(?::\d{2})? )?\d{2}\/\d{2}\/\d{4}$/;

/** Numbers and dates are never shortened: half of one says something else. */
function valueFor({ type, maxLength }: ZbsParam, given: string | undefined): string | undefined {
  const value = readable(given ?? '').replace(/\s+/g, ' ');
  if (value === '' || maxLength < 1) return undefined;
  if (type === 'NUMBER') return /^\d+$/.test(value) && value.length <= maxLength ? value : undefined;
  if (type === 'DATE') return DATE.test(value) && value.length <= maxLength ? value : undefined;
  // A blank of one or two characters has no room for the dots.
  return fit(value, maxLength, maxLength < 3 ? '' : '…') || undefined;
}
