import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderMessage } from '../../bots/telegram/render.js';
import { renderBot } from '../../bots/zalo/bot/render.js';
import { renderZalo } from '../../bots/zalo/oa/render.js';
import { fillTemplate } from '../../bots/zalo/zbs/fill-template.js';
import type { Ctx } from '../../src/context.js';
import { prepareMessage } from '../../src/delivery/content/prepare-message.js';
import { newDigest } from '../../src/delivery/digest/plan-digest.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import { directiveFileRenderers } from '../../src/directives/attach-to-directive.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import type { Stage, Task } from '../../src/directives/task.model.js';
import { channels, type Channel } from '../../src/kernel/channels.js';
import { mailHouse } from '../../src/mail/addresses.js';
import { composeMail } from '../../src/mail/compose.js';
import { meetingFileRenderers } from '../../src/meetings/attach-to-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import type { Person } from '../../src/people/person.model.js';
import type { Message } from '../../src/texts/message.js';
import { composeSms } from '../../src/texts/sms/compose.js';
import { assigned, province } from '../support/task-story.js';

/** All that speaks, as app.ts joins it. */
const renderers = { ...deliveryRenderers, ...taskRenderers, ...meetingRenderers, ...directiveFileRenderers, ...meetingFileRenderers };
const kinds = Object.keys(renderers);

let p: Awaited<ReturnType<typeof province>>;
let task: Task;
beforeAll(async () => {
  p = await province('2026-11-19T02:00:00Z');
  task = await assigned(p.ctx, { dueOn: '2026-11-20' }, { issuedOn: '2026-11-09', secret: true });
});
afterAll(() => p.close());

/** Everything a channel's renderer would put on the wire. */
const onTheWire: Record<Channel, (message: Message, ctx: Ctx) => unknown> = {
  telegram: renderMessage,
  zalo: renderZalo,
  'zalo-bot': (message) => renderBot(message),
  zbs: ({ params }) => [params, fillTemplate({ params: Object.keys(params ?? {}).map((from) => ({ name: from, from, type: 'STRING' as const, maxLength: 100 })) }, params ? { params } : {})],
  sms: (message) => composeSms(message, { kind: 'text', text: message.text }, { unicode: true, maxParts: 3 }).text,
  email: (message, ctx) => composeMail(mailHouse(ctx.config), message, { to: 'stc@laocai.invalid', key: 'k', reader: null, now: ctx.clock.now() }),
};

/** A delivery of any kind about this task, as its intent would have planned it. */
const about = (kind: string, person: Person, more: object = {}): Delivery => ({
  key: `${kind}:x`, kind, lane: 'normal', personId: person._id, behalfOf: null, follows: null, chat: null, taskCode: task.code, meetingCode: null, asked: null, state: 'claimed',
  data: { taskCode: task.code, cause: 'c1', version: task.version, dueAt: task.dueAt?.toISOString() ?? null, slot: 'now', at: p.clock.now().toISOString(), personId: String(person._id), about: 'task-assigned', reason: 'no-channel', channel: 'zalo', code: 'x', endsAt: p.clock.now().toISOString(), daysLeft: '3' },
  attempts: [], triedChannels: [], ...more,
}) as unknown as Delivery;

interface Words { content: string; symbol: string; note: string; reason: string; summary: string }

/** Writes these words into every corner of the task. */
async function fill(words: Words, stage: Stage): Promise<void> {
  const by = { name: 'Nguyễn Tố Quyên', channel: 'telegram' };
  const entry = { percent: 40, note: words.note, stage, by, at: p.clock.now(), cause: 'c1' };
  const extension = { fromDueAt: task.dueAt, toDueAt: task.dueAt ?? p.clock.now(), toDueOn: '2026-11-20', reason: words.reason, by, at: p.clock.now(), cause: 'c2' };
  await p.ctx.db.Task.updateOne({ code: task.code }, { content: words.content, stage, directive: { ...task.directive, symbol: words.symbol, summary: words.summary }, progress: [entry], extensions: [extension] });
}

const word = fc.stringMatching(/^[a-z]{4,9}[0-9]{3}$/);
const wordings = fc.record({ content: word, symbol: word.map((w) => `${w}/UBND-M`), note: word, reason: word, summary: word });

function mustNotTell(wire: unknown, words: Words, where: string): void {
  const said = JSON.stringify(wire).toLowerCase();
  for (const hidden of [...Object.values(words), task.code]) expect(said.includes(hidden.toLowerCase()), `${hidden} in ${where}: ${said}`).toBe(false);
}

test('of a secret task no word, symbol, note or code is put on the wire, by any kind of message on any channel', { timeout: 120_000 }, async () => {
  const said = new Set<string>();
  const look = async (kind: string, channel: Channel, words: Words): Promise<void> => {
    const reply = kind === 'reply' ? { data: { text: `${words.content} ${task.code}: ${words.note}`, buttons: JSON.stringify([{ label: words.symbol, command: `/chitiet ${task.code}` }]) }, taskCode: null } : {};
    // A further attempt, for somebody on leave: the lines that say so are no way round either.
    const extra = channel === 'sms' ? { follows: 'other', key: 'other>2', behalfOf: p.quyen._id } : {};
    const prepared = await prepareMessage({ ctx: p.ctx, renderers }, about(kind, p.dat, { ...reply, ...extra }), { person: p.dat, channel }).catch(() => ({ suppress: 'not-of-a-task' }));
    if (!('message' in prepared)) return;
    said.add(kind);
    const { subject, summary, thread, params } = prepared.message;
    mustNotTell([onTheWire[channel](prepared.message, p.ctx), subject, summary, thread, params], words, `${kind} on ${channel}`);
  };
  await fc.assert(fc.asyncProperty(wordings, async (words) => {
    for (const stage of ['new', 'returned', 'completed'] as const) {
      await fill(words, stage);
      for (const kind of kinds) await Promise.all(channels.map((channel) => look(kind, channel, words)));
    }
  }), { numRuns: 2 });
  // The property has looked at what it is about.
  expect([...said]).toEqual(expect.arrayContaining(['task-assigned', 'task-reminder', 'task-progress', 'task-returned', 'task-deadline-moved', 'reply', 'delivery-dead', 'silent']));
});

test('whatever a renderer says: it is not its word that counts', async () => {
  const loose = { 'task-loud': async () => ({ message: { text: `Việc ${task.code}: rất kín`, params: { content: 'rất kín' }, buttons: [{ label: task.code, command: `/chitiet ${task.code}` }], subject: 'rất kín' } }) };
  for (const channel of channels) {
    const prepared = await prepareMessage({ ctx: p.ctx, renderers: loose }, about('task-loud', p.dat), { person: p.dat, channel });
    expect(prepared).toEqual({ message: { kind: 'task-loud', text: '🔔 Kính gửi đồng chí: có việc mới, đề nghị đồng chí đăng nhập hệ thống Nhắc Việc để xem.', subject: 'Có việc mới', params: {}, onlyInSystem: true }, secret: true });
  }
});

test('by the office’s wish nothing at all is said of secret matters, but somebody who asks is told where to look', async () => {
  const ctx = { ...p.ctx, config: { ...p.ctx.config, SECRET_NOTICES: 'none' as const } };
  await fill({ content: 'c', symbol: 's', note: 'n', reason: 'r', summary: 'u' }, 'new');
  expect(await prepareMessage({ ctx, renderers }, about('task-assigned', p.dat), { person: p.dat, channel: 'telegram' })).toEqual({ suppress: 'secret-kept' });
  const reply = about('reply', p.dat, { data: { text: `${task.code}: xong` } });
  expect(await prepareMessage({ ctx, renderers }, reply, { person: p.dat, channel: 'telegram' })).toMatchObject({ message: { text: expect.stringContaining('chỉ xem và cập nhật trên hệ thống') as string } });
});

test('in a digest a secret task is counted, never named', async () => {
  const { ctx } = p;
  const open = await assigned(ctx, { dueOn: '2026-11-20', content: 'Việc công khai' }, { issuedOn: '2026-11-09' });
  await fill({ content: 'rất kín', symbol: 'kín/UBND', note: 'kín', reason: 'kín', summary: 'kín' }, 'new');
  for (const one of [task, open]) {
    const data = { taskCode: one.code, dueAt: one.dueAt?.toISOString() ?? null, at: p.clock.now().toISOString() };
    await enqueue(ctx, { key: `d:${one.code}`, kind: 'task-reminder', lane: 'digest', personId: String(p.dat._id), data });
  }
  const key = 'digest:2026-11-19:x:1';
  await ctx.db.Delivery.updateMany({ key: /^d:/ } as never, { digestKey: key });
  const members = await ctx.db.Delivery.find({ digestKey: key }).lean<Delivery[]>();
  const carrier = about('digest', p.dat, { ...newDigest(ctx, key, members), personId: p.dat._id, taskCode: null });
  for (const channel of channels) {
    const prepared = await prepareMessage({ ctx, renderers }, carrier, { person: p.dat, channel });
    if (!('message' in prepared)) throw new Error(`nothing on ${channel}`);
    const wire = JSON.stringify(onTheWire[channel](prepared.message, ctx));
    expect(wire).not.toMatch(/kín|NV-2026-00001/);
    if (channel === 'telegram') expect(prepared.message.text).toContain('Có 1 việc khác cần xem trên hệ thống');
    if (channel === 'telegram') expect(prepared.message.text).toContain('Việc công khai');
    // On a lock screen not even the open one is described.
    if (channel === 'sms') expect(wire).not.toContain('công khai');
  }
});

test('the neutral notice says where to sign in where that is known, and nothing else', async () => {
  const ctx = { ...p.ctx, config: { ...p.ctx.config, PUBLIC_URL: 'https://nhacviec.laocai.invalid' } };
  await fill({ content: 'c', symbol: 's', note: 'n', reason: 'r', summary: 'u' }, 'new');
  for (const channel of channels) {
    const prepared = await prepareMessage({ ctx, renderers }, about('task-assigned', p.dat), { person: p.dat, channel });
    expect(prepared).toEqual({
      message: { kind: 'task-assigned', text: '🔔 Kính gửi đồng chí: có việc mới, đề nghị đồng chí đăng nhập hệ thống Nhắc Việc để xem.\nhttps://nhacviec.laocai.invalid', subject: 'Có việc mới', params: {}, onlyInSystem: true },
      secret: true,
    });
  }
});
