import { afterEach, expect, test } from 'vitest';
import { smsPreview } from '../../admin/channels/sms-preview.js';
import { LAN } from '../support/sms.js';
import { openSmsStory, type SmsStory } from '../support/sms-story.js';
import { office } from '../support/task-story.js';

let story: SmsStory;
afterEach(() => story.close());

/** What the form shows while a meeting is written, then the SMS that really arrives. */
async function both(more: { chair?: boolean } = {}) {
  const facts = { title: 'Họp rà soát tiến độ giải ngân vốn đầu tư công và tháo gỡ vướng mắc mặt bằng các dự án trọng điểm', kind: 'urgent', place: 'Phòng họp tầng 3, trụ sở UBND tỉnh' };
  const chair = more.chair ? { chairId: story.lan } : {};
  const shown = await smsPreview(story.world.app.ctx, office, { about: 'meeting', ...facts, ...chair, startsOn: '2026-11-19', startsTime: '16:00', chair: more.chair ? 'Nguyễn Thị Lan, Giám đốc Sở Tài chính' : '', attendeeIds: [story.lan] });
  const code = await story.call({ ...facts, ...chair });
  const sent = story.smsc.messagesOf(LAN).at(-1);
  return { shown, sent: sent?.text ?? '', code };
}

test('the preview of an invitation is the very SMS that arrives: code, content, answer line, parts and price', async () => {
  story = await openSmsStory({ SMS_PRICE: '850' });
  const { shown, sent, code } = await both();
  expect(shown.text).toBe(sent);
  expect(sent).toContain(code);
  expect(sent).toContain('Noi dung: Hop ra soat tien do');
  expect(sent).toContain('Tra loi: soan CO HOP-1 hoac VANG HOP-1 ly do, gui 0888123456.');
  expect(shown).toMatchObject({ units: sent.length, parts: Math.ceil(sent.length / 153), price: Math.ceil(sent.length / 153) * 850, configured: true });
  expect(shown.parts).toBeGreaterThan(1);
});

test('so it is for the one who presides, and with marks', async () => {
  story = await openSmsStory({ SMS_UNICODE: 'true', SMS_MAX_PARTS: '8' });
  const { shown, sent } = await both({ chair: true });
  expect(sent).toContain('Kính mời đồng chí chủ trì cuộc họp');
  expect(shown).toMatchObject({ text: sent, encoding: 'ucs2' });
});

test('with a registered text the preview shows that text filled in; without one, where only those are taken, that nothing leaves', async () => {
  story = await openSmsStory();
  const { ctx } = story.world.app;
  const now = ctx.clock.now();
  await ctx.db.ZbsTemplate.create({ channel: 'sms', templateId: '458', kind: 'meeting-alert', sample: 'Moi hop {P1,20} luc {P2,10}', params: [{ name: 'P1', type: 'STRING', maxLength: 20, from: 'code' }, { name: 'P2', type: 'STRING', maxLength: 10, from: 'time' }], enabled: true, updatedAt: now });
  const { shown, sent } = await both();
  expect(shown.text).toBe('Moi hop HOP-2026-00001 luc 16:00');
  expect(sent).toBe(shown.text);

  const only = { ...ctx, config: { ...ctx.config, SMS_TEMPLATES_ONLY: true } };
  await ctx.db.ZbsTemplate.deleteMany({});
  expect(await smsPreview(only, office, { about: 'meeting', title: 'Họp' })).toMatchObject({ parts: 0, refused: expect.stringContaining('chưa có mẫu đã đăng ký') });
});
