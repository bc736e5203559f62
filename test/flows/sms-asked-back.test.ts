import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSmsStory } from '../support/sms-story.js';

let story: Awaited<ReturnType<typeof openSmsStory>>;
beforeEach(async () => void (story = await openSmsStory()));
afterEach(() => story.close());
const stageOf = async (code: string) => (await story.world.app.ctx.db.Task.findOne({ code }).orFail().lean()).stage;

test.each(['NV-1 khong the dat 100%', 'NV-1 xong, xin gia han', 'NV-1 hoan thanh: thang 12', 'NV-1 neu co kinh phi dat 100%'])('SMS "%s" submits nothing', async (words) => {
  const code = await story.assign();
  await story.write(words);
  expect(await stageOf(code)).not.toBe('submitted');
});

test('SMS "NV-1 tu choi" does not begin the task; "nv 1 xong roi a" submits it', async () => {
  const code = await story.assign();
  await story.write('NV-1 tu choi, khong thuoc tham quyen');
  expect(await stageOf(code)).toBe('new');
  await story.write('nv 1 xong roi a');
  expect(await stageOf(code)).toBe('submitted');
});

test('"Vâng, công tác chuẩn bị đã xong" typed without marks takes nobody off a meeting', async () => {
  const code = await story.call();
  await story.write('Vang, cong tac chuan bi da xong');
  expect((await story.seat(code))?.answer).toBeNull();
});
