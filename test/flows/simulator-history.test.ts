import { expect, test } from 'vitest';
import { botUse } from '../../bots/zalo/bot/quota.js';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import { because } from '../../src/context.js';
import { sendTest } from '../../src/delivery/notices/send-test.js';
import type { Renderers } from '../../src/delivery/renderer.js';
import { loadSample } from '../../src/demo/sample-province.js';
import { seedAccounts } from '../../src/demo/seed-people.js';
import { seed } from '../../src/demo/seed.js';
import { historyFrom } from '../../src/demo/simulator/history.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import type { Task } from '../../src/directives/task.model.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { createAccount } from '../../src/people/accounts/accounts.js';
import type { Actor } from '../../src/people/actor.js';
import type { ChatLink } from '../../src/people/links/chat-link.model.js';
import { testCtx } from '../support/test-ctx.js';

const renderers: Renderers = { ...taskRenderers, ...meetingRenderers };

test('on the phones of the demo every old report is followed by what it was answered with, and the administrator can send a test to their own phone', async () => {
  const { ctx, close } = await testCtx('2026-11-20T02:30:00Z');
  await seedCalendar(ctx);
  const { cast } = await seed(ctx, loadSample(), { renderers });
  const links = await ctx.db.ChatLink.find({ channel: 'zalo' }).lean<ChatLink[]>();
  const phones = await Promise.all(links.map(async (link) => ({ link, shown: await historyFrom(ctx)({ channel: 'zalo', userId: link.chatId }) })));
  let reports = 0;
  for (const { link, shown } of phones) {
    const own = (await ctx.db.Task.find({ 'progress.by.personId': String(link.personId) }).lean<Task[]>()).flatMap(({ progress }) => progress.filter(({ by, cause }) => by.personId === String(link.personId) && by.channel === 'zalo' && cause.startsWith('demo:')));
    const asked = shown.flatMap(({ from, text }, i) => (from === 'user' && text.startsWith('/capnhat') ? [i] : []));
    expect(asked).toHaveLength(own.length);
    for (const i of asked) {
      const code = /NV-\d{4}-\d{5}/.exec(shown[i]?.text ?? '')?.[0];
      expect(shown.slice(i + 1).some(({ from, text }) => from === 'bot' && text.startsWith(`✅ Đã ghi nhận ${code}`)), shown[i]?.text).toBe(true);
    }
    reports += asked.length;
  }
  expect(reports).toBeGreaterThan(3);

  // Whoever reads template messages sees them on their phone, as the approved cards.
  const cards = await Promise.all(['P20', 'P44'].map(async (id) => ({ phone: cast.get(id)?.phone ?? '', n: await ctx.db.Delivery.countDocuments({ channel: 'zbs', personId: cast.get(id)?._id }) })));
  for (const { phone, n } of cards) {
    const shown = await historyFrom(ctx)({ channel: 'zbs', userId: phone });
    expect(n).toBeGreaterThan(0);
    expect(shown).toHaveLength(n);
    for (const { text, note } of shown) expect(`${note}: ${text}`).toMatch(/^Mẫu tin đã duyệt số 31000\d: (Nhiệm vụ mới|Nhắc việc|Giấy mời họp)\nKính gửi đồng chí/);
  }
  // What the free bot has said counts in its month, and its readers among its users.
  const month = await ctx.db.Delivery.countDocuments({ channel: 'zalo-bot', acceptedAt: { $gte: new Date('2026-11-01T00:00:00+07:00') } });
  expect(await botUse(ctx)).toMatchObject({ sent: month, users: 5 });

  const office: Actor = { kind: 'system', name: 'Bản minh họa' };
  await createAccount(because(ctx, 'first'), office, { email: 'quantri@demo.invalid', name: 'Quản trị', role: 'admin', password: 'nhacviec-2026' });
  await seedAccounts(ctx, 'nhacviec-2026', cast);
  const admin = await ctx.db.Account.findOne({ role: 'admin' }).orFail().lean();
  const actor: Actor = { kind: 'account', accountId: String(admin._id), name: admin.name, role: 'admin', agencyCode: null, personId: String(admin.personId) };
  expect((await sendTest(because(ctx, 'press'), actor, { channel: 'zalo' })).person.position).toContain('Quản trị hệ thống');
  await close();
}, 120_000);
