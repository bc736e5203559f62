import type { Ctx } from '../../src/context.js';
import type { ZbsTemplate } from '../../src/delivery/zbs/zbs-template.model.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import { templateKindWords, templateSourceWords, wordOf } from '../locale/words.js';
import { allIf, oneOf } from './rules.js';
import type { ResourceSpec } from './scoped-resource.js';

/** Mẫu tin: what Zalo approved or operators registered, and which message each stands for. */
export const templateResource = (ctx: Ctx): ResourceSpec<ZbsTemplate> => ({
  id: 'ZbsTemplate',
  model: ctx.db.ZbsTemplate,
  key: '_id',
  title: 'templateId',
  columns: [
    { name: 'templateId', as: 'code', sort: 'templateId' },
    { name: 'channel', as: 'short', sort: 'channel' },
    { name: 'kind', sort: 'kind' },
    { name: 'params' },
    { name: 'sample', as: 'clamp' },
    { name: 'status', as: 'badge', sort: 'enabled' },
    { name: 'updatedAt', as: 'short', sort: 'updatedAt' },
  ],
  filters: [{ name: 'kind', as: 'choice', choices: templateKindWords, where: oneOf('kind', Object.keys(templateKindWords)) }],
  sort: { by: 'updatedAt', direction: 'desc' },
  scope: allIf('channel.read'),
  select: 'channel templateId kind params sample byUid refusedCode enabled updatedAt',
  present: (rows) =>
    rows.map((row) => ({
      templateId: row.templateId,
      channel: row.channel === 'sms' ? 'SMS' : row.byUid ? 'Tin mẫu Zalo (ZBS), cả theo UID' : 'Tin mẫu Zalo (ZBS)',
      kind: wordOf(templateKindWords, row.kind),
      params: row.params.map(({ from }) => wordOf(templateSourceWords, from)).join('; '),
      sample: inWords(row),
      status: row.enabled ? 'Đang dùng' : 'Không dùng',
      statusTone: row.refusedCode ? 'bad' : row.enabled ? 'good' : 'quiet',
      statusNote: row.refusedCode ? `Zalo từ chối (mã ${row.refusedCode})` : '',
      enabled: row.enabled,
      updatedAt: formatInstant(row.updatedAt),
    })),
});

/** The approved words with what is filled in named as people know it: "Kính gửi đồng chí [Tên người nhận]". The form keeps the marks of the provider. */
const inWords = ({ sample, params }: Pick<ZbsTemplate, 'sample' | 'params'>): string =>
  sample.replace(/<(\w+)>/g, (mark, blank: string) => {
    const from = params.find(({ name }) => name === blank)?.from;
    return from ? `[${wordOf(templateSourceWords, from)}]` : mark;
  });
