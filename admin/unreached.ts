import type { Ctx } from '../src/context.js';
import type { Task } from '../src/directives/task.model.js';
import { reachedAgencies } from '../src/people/reached-agencies.js';
import { WITHOUT_PEOPLE } from './locale/words.js';
import { agencyNames } from './resources/names.js';

type Led = Pick<Task, 'leadAgencyCode' | 'coordinatingAgencyCodes'>;

/** "UBND phường Cam Đường chưa có lãnh đạo, …: chưa báo được cho ai."; empty where somebody hears of each of these tasks in the agency that leads. */
export async function unreachedWords(ctx: Ctx, tasks: readonly Led[]): Promise<string> {
  const names = await unreached(ctx, tasks.map(({ leadAgencyCode }) => leadAgencyCode));
  return names ? `${names} ${WITHOUT_PEOPLE}: chưa báo được cho ai ở đó. Đề nghị bổ sung cán bộ hoặc hộp thư của cơ quan rồi bấm “Nhắc ngay”.` : '';
}

/** The same for the page of a task, with those who take part. */
export async function unreachedOf(ctx: Ctx, task: Led): Promise<string> {
  const others = await unreached(ctx, task.coordinatingAgencyCodes);
  return [await unreachedWords(ctx, [task]), others ? `Cơ quan phối hợp ${others} ${WITHOUT_PEOPLE} nên không nhận được tin.` : ''].filter(Boolean).join(' ');
}

/** Names of those of these agencies in which nobody hears of a task. */
async function unreached(ctx: Ctx, codes: readonly string[]): Promise<string> {
  const asked = [...new Set(codes)];
  if (asked.length === 0) return '';
  const [reached, nameOf] = [await reachedAgencies(ctx, asked), await agencyNames(ctx)];
  return asked.filter((code) => !reached.has(code)).map(nameOf).join(', ');
}
