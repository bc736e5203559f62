import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import { because, type Ctx } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import type { Rendered } from '../../src/delivery/renderer.js';
import { createDirective } from '../../src/directives/create-directive.js';
import type { DirectiveInput, TaskInput } from '../../src/directives/task-input.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import type { Task } from '../../src/directives/task.model.js';
import type { Actor } from '../../src/people/actor.js';
import type { Person, PersonRole } from '../../src/people/person.model.js';
import { personActor } from '../../src/people/receivers.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { testCtx } from './test-ctx.js';

/** The Office at its desk. */
export const office: Actor = { kind: 'account', accountId: 'a1', name: 'Trần Thục Nhi', role: 'office', agencyCode: null, personId: null };

/** A small province: the Sở Tài chính with its director and an officer, the Sở Xây dựng with its director, the Office. */
export async function province(start?: string) {
  const { ctx, clock, close } = await testCtx(start);
  await seedCalendar(ctx);
  const person = (name: string, position: string, agencyCode: string, roles: PersonRole[]): Promise<Person> =>
    registerPerson(because(ctx, `seed:${name}`), office, { name, position, agencyCode, roles });
  await registerAgency(because(ctx, 'seed:UBND'), office, { code: 'UBND', name: 'UBND tỉnh Lào Cai', type: 'province' });
  await registerAgency(because(ctx, 'seed:VP'), office, { code: 'VP', name: 'Văn phòng UBND tỉnh', type: 'office', parentCode: 'UBND' });
  await registerAgency(because(ctx, 'seed:STC'), office, { code: 'STC', name: 'Sở Tài chính', type: 'department', parentCode: 'UBND' });
  await registerAgency(because(ctx, 'seed:SXD'), office, { code: 'SXD', name: 'Sở Xây dựng', type: 'department', parentCode: 'UBND' });
  const dat = await person('Hoàng Văn Dật', 'Giám đốc Sở Tài chính', 'STC', ['leader']);
  const quyen = await person('Nguyễn Tố Quyên', 'Chuyên viên Sở Tài chính', 'STC', ['officer']);
  const trieu = await person('Cao Nhật Triều', 'Giám đốc Sở Xây dựng', 'SXD', ['leader']);
  const nhi = await person('Trần Thục Nhi', 'Chuyên viên Văn phòng UBND tỉnh', 'VP', ['office']);
  return { ctx, clock, close, dat, quyen, trieu, nhi };
}

/** A person writing in their chat. */
export const chatting = (person: Person): Actor => personActor(person, 'telegram');

/** Công văn 5127/UBND-KT of 16/11/2026 with these tasks; STC leads where nothing else is said. */
export const letter = (tasks: Partial<TaskInput>[], more: Partial<DirectiveInput> = {}): DirectiveInput => ({
  symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy',
  summary: 'Đẩy nhanh giải ngân vốn đầu tư công năm 2026', urgency: 'normal', ...more,
  tasks: tasks.map((task) => ({ content: 'Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60%', leadAgencyCode: 'STC', ...task })),
});

/** One task of its own document. */
export async function assigned(ctx: Ctx, task: Partial<TaskInput>, more: Partial<DirectiveInput> = {}): Promise<Task> {
  const symbol = more.symbol ?? `${(await ctx.db.Directive.countDocuments()) + 100}/UBND-KT`;
  const { tasks } = await createDirective(because(ctx, `assign:${symbol}`), office, letter([task], { ...more, symbol }));
  const [only] = tasks;
  if (!only) throw new Error('no task');
  return only;
}

/** The task as it stands in the database. */
export const current = (ctx: Ctx, { code }: { code: string }): Promise<Task> => ctx.db.Task.findOne({ code }).orFail().lean<Task>();

/** What the last intent of this kind would say to a person now. */
export async function saidTo(ctx: Ctx, task: { code: string }, kind: string, person: Person): Promise<Rendered> {
  const intent = (await current(ctx, task)).intents.findLast((one) => one.kind === kind);
  if (!intent) throw new Error(`no intent ${kind}`);
  const delivery = { kind, data: intent.data, taskCode: task.code } as unknown as Delivery;
  const renderer = taskRenderers[kind];
  if (!renderer) throw new Error(`no renderer ${kind}`);
  return renderer(ctx, delivery, await ctx.db.Person.findById(person._id).lean<Person>());
}
