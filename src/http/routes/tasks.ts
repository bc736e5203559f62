import { Type } from '@sinclair/typebox';
import { loadCalendar } from '../../calendar/load-calendar.js';
import type { Ctx } from '../../context.js';
import { getTask, listTasks } from '../../directives/find-tasks.js';
import { stages } from '../../directives/task.model.js';
import { timeTags } from '../../directives/time-tag.js';
import { DomainError } from '../../kernel/errors.js';
import { taskDetails, taskLine } from '../present-task.js';
import { API_ACTOR, PAGE_SIZE, pageOf, read, type Api } from '../route.js';
import { agencyCode, closed, oneOf, pageQuery } from '../schemas.js';
import { taskDetailsSchema, taskLineSchema } from '../task-schemas.js';

const query = closed({
  agencyCode: Type.Optional(agencyCode),
  stage: Type.Optional(oneOf(stages)),
  timeTag: Type.Optional(oneOf(timeTags)),
  page: pageQuery,
});

const page = closed({ tasks: Type.Array(taskLineSchema), total: Type.Integer(), page: Type.Integer(), pageSize: Type.Integer() });

export function taskRoutes(api: Api): void {
  read(api, '/tasks', {
    tag: 'Văn bản và nhiệm vụ',
    summary: 'Danh sách nhiệm vụ',
    description: 'agencyCode: cơ quan chủ trì. Hạn gần trước, không hạn sau cùng. Lỗi: agency-unknown, input-invalid.',
    query,
    answer: page,
    run: async (ctx, { query }) => {
      if (query.agencyCode) await mustKnow(ctx, query.agencyCode);
      const found = await listTasks(ctx, API_ACTOR, { ...query, page: pageOf(query.page), pageSize: PAGE_SIZE });
      const calendar = await loadCalendar(ctx);
      return { ...found, tasks: found.tasks.map((task) => taskLine(task, ctx.clock.now(), calendar)) };
    },
  });
  read(api, '/tasks/:code', {
    tag: 'Văn bản và nhiệm vụ',
    summary: 'Một nhiệm vụ, với nhật ký báo cáo',
    description: 'Mã dạng NV-2026-00012. Lỗi: task-unknown.',
    params: Type.Object({ code: Type.String() }),
    answer: taskDetailsSchema,
    run: async (ctx, { params }) => taskDetails(await getTask(ctx, API_ACTOR, params.code), ctx.clock.now(), await loadCalendar(ctx)),
  });
}

async function mustKnow(ctx: Ctx, code: string): Promise<void> {
  if (!(await ctx.db.Agency.exists({ code }))) throw new DomainError('agency-unknown', { code, path: 'agencyCode' });
}
