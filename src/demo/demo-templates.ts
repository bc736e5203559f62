import { because, type Ctx } from '../context.js';
import { saveZbsTemplate } from '../delivery/zbs/save-zbs-template.js';
import type { ZbsParam } from '../delivery/zbs/zbs-template.model.js';
import type { TemplateMessage, ZbsStandIn } from './providers/zbs.js';
import { OFFICE } from './seed-people.js';

interface DemoTemplate {
  id: string;
  kind: string;
  params: ZbsParam[];
  /** As Zalo approved it, blanks as <name>. */
  words: string;
}

const text = (name: string, maxLength: number): ZbsParam => ({ name, type: 'STRING', maxLength, from: name });

/** Template messages that the demo's Official Account may send. */
const templates: readonly DemoTemplate[] = [
  { id: '310001', kind: 'task-assigned', params: [text('name', 60), text('code', 30), text('due', 100), text('content', 200)], words: 'Nhiệm vụ mới\nKính gửi đồng chí <name>\nMã nhiệm vụ: <code>\nHạn: <due>\nNội dung: <content>' },
  { id: '310002', kind: 'task-reminder', params: [text('name', 60), text('code', 30), text('due', 100), text('content', 200)], words: 'Nhắc việc\nKính gửi đồng chí <name>\nMã nhiệm vụ: <code>\nHạn: <due>\nNội dung: <content>' },
  { id: '310003', kind: 'meeting-alert', params: [text('name', 60), text('code', 30), text('time', 20), text('date', 20), text('place', 100)], words: 'Giấy mời họp\nKính gửi đồng chí <name>\nMã cuộc họp: <code>\nThời gian: <time> ngày <date>\nĐịa điểm: <place>' },
];

/** Zalo has approved them, and the office has entered them in its catalogue. */
export async function seedTemplates(ctx: Ctx, zbs: ZbsStandIn): Promise<void> {
  for (const { id, kind, params, words } of templates) {
    zbs.approve(id, { params: Object.fromEntries(params.map(({ name, maxLength }) => [name, { type: 'STRING' as const, maxLength }])) });
    await saveZbsTemplate(because(ctx, `demo:template:${id}`), OFFICE, { templateId: id, kind, params, sample: words, enabled: true });
  }
}

/** Kinds without a template go another way. */
export const hasTemplate = (kind: string | undefined): boolean => templates.some((one) => one.kind === kind);

/** The template of a kind of message, by its number at Zalo; undefined: there is none. */
export const templateIdOf = (kind: string): string | undefined => templates.find((one) => one.kind === kind)?.id;

/** What the card shows: the approved words with the blanks filled. */
export const cardText = ({ templateId, data }: Pick<TemplateMessage, 'templateId' | 'data'>): string =>
  (templates.find(({ id }) => id === templateId)?.words ?? '').replace(/<(\w+)>/g, (_blank, name: string) => data[name] ?? '');
