import { configurableChannels, halfConfigured, missingForChannel, type ConfigurableChannel } from '../../src/config.js';
import type { Ctx } from '../../src/context.js';
import type { ChannelDesk, GrantView } from '../../src/delivery/channel-desk.js';
import type { ChannelHealth } from '../../src/delivery/channel-module.js';
import { pauseOf, readChannels } from '../../src/delivery/limits/channel-state.js';
import type { Attempt, Delivery } from '../../src/delivery/delivery.model.js';
import { formatDay, formatInstant, formatTime, localDateOf } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { can, mustBeAllowed } from '../../src/people/policy.js';
import { CHANNEL_PATIENCE_MS } from '../../src/watch/find-problems.js';
import { channelWords, deliveryReasonWords, deliveryWords, wordOf } from '../locale/words.js';
import { deliveryTone } from '../resources/delivery-resource.js';
import { errorInWords } from './error-words.js';
import { countToday, lastEndings, lastErrors, lastTests } from './figures.js';
import { setupSteps } from './setup-steps.js';
import { smsCostToday } from './sms-cost.js';

/** The order people read them in: Zalo first. */
const ORDER: readonly ConfigurableChannel[] = ['zalo', 'zbs', 'zalo-bot', 'telegram', 'sms', 'email'];
const nothing = { sent: 0, delivered: 0, seen: 0, failed: 0 };

/** The page "Kênh": everything in words, no secret and no value of a setting. Throws forbidden. */
export async function channelView(ctx: Ctx, actor: Actor, desk: ChannelDesk) {
  mustBeAllowed(actor, 'channel.read');
  const names = [...new Set([...ORDER, ...configurableChannels])];
  const personId = actor.kind === 'account' ? actor.personId : null;
  const [cost, states, quotas, grant, today, errors, endings, tests] = await Promise.all([smsCostToday(ctx), readChannels(ctx, names), desk.quotas(ctx), desk.grant(ctx), countToday(ctx), lastErrors(ctx), lastEndings(ctx), lastTests(ctx, personId)]);
  const health = desk.health();
  const place = { url: ctx.config.PUBLIC_URL ?? 'https://<địa chỉ công khai>', callback: ctx.config.PUBLIC_URL ? desk.consent.redirectUri : 'https://<địa chỉ công khai>/admin/zalo/callback' };
  const channels = names.map((channel) => {
    const missing = missingForChannel(ctx.config, channel);
    const lastError = errorOf(errors.get(channel), endings.get(channel));
    const pause = states.get(channel);
    const rest = pause ? pauseOf(pause, ctx.clock.now()) : null;
    return {
      channel,
      name: wordOf(channelWords, channel),
      missing,
      ...stateInWords({ missing: missing.length > 0, begun: halfConfigured(ctx.config, channel), health: health[channel], now: ctx.clock.now() }),
      grant: missing.length === 0 && (channel === 'zalo' || channel === 'zbs') ? grantInWords(grant) : null,
      rest: rest ? `Tạm nghỉ đến ${whenToday(rest.until, ctx.clock.now())}${rest.hard ? ' vì nhà cung cấp từ chối; tin chuyển sang kênh khác nếu có' : ''}` : null,
      lastError,
      quotas: quotas[channel] ?? [],
      today: today.get(channel) ?? nothing,
      test: testInWords(tests.get(channel)),
      cost: channel === 'sms' ? costInWords(cost) : null,
      setup: setupSteps[channel](place),
    };
  });
  return { may: { act: can(actor, 'channel.write') }, self: selfOf(actor), consent: { missing: desk.consent.missing, redirectUri: place.callback }, channels };
}

/** The newest failure: of an attempt, or told by the provider afterwards. Whatever is counted as failed has its reason here. */
function errorOf(attempt: Attempt | undefined, ending: { at: Date; reason: string | null; state: string } | undefined): { at: string; words: string } | null {
  if (attempt) return { at: formatInstant(attempt.at), words: errorInWords(attempt) };
  return ending ? { at: formatInstant(ending.at), words: wordOf(deliveryReasonWords, ending.reason) || wordOf(deliveryWords, ending.state) } : null;
}

/** Whose chat a test goes to; an account that is nobody's is told where to mend that. */
const selfOf = (actor: Actor) => ({
  linked: actor.kind === 'account' && actor.personId !== null,
  accountUrl: actor.kind === 'account' && can(actor, 'account.write') ? `/admin/resources/Account/records/${actor.accountId}/change` : null,
});

const costInWords = ({ parts, price }: { parts: number; price: number | null }): string | null =>
  parts === 0 ? null : `khoảng ${parts.toLocaleString('vi-VN')} tin tính phí${price === null ? '' : `, ước ${price.toLocaleString('vi-VN')} đồng`}`;

const whenToday = (at: Date, now: Date): string => (localDateOf(at) === localDateOf(now) ? formatTime(at) : formatInstant(at));

/** A full sentence says why; the badge says what. */
function stateInWords({ missing, begun, health, now }: { missing: boolean; begun: boolean; health: ChannelHealth | undefined; now: Date }): { state: string; tone: string; problem: string | null } {
  if (missing) return begun ? { state: 'Thiếu cấu hình', tone: 'warn', problem: null } : { state: 'Chưa cấu hình', tone: 'quiet', problem: null };
  if (!health || health.state === 'off') return { state: 'Chưa chạy', tone: 'quiet', problem: health?.problem ?? null };
  // After a start no channel has answered yet: that is no fault until it takes too long.
  if (health.connectingSince && now.getTime() - health.connectingSince.getTime() < CHANNEL_PATIENCE_MS) return { state: 'Đang kết nối', tone: 'quiet', problem: null };
  if (health.state === 'failing') return { state: 'Có lỗi', tone: 'bad', problem: health.problem ?? null };
  return { state: 'Đang hoạt động', tone: health.problem ? 'warn' : 'good', problem: health.problem ?? null };
}

function grantInWords(grant: GrantView | null): { words: string; tone: string } | null {
  if (!grant) return null;
  if (grant.state === 'not-yet') return { words: 'Chưa được cấp quyền', tone: 'warn' };
  if (grant.state === 'lost') return { words: `Mất quyền, cần quản trị OA cấp lại (mã ${grant.code ?? ''})`, tone: 'bad' };
  return { words: grant.endsAt ? `Đã được cấp quyền; nếu hệ thống dừng thì quyền hết hạn ngày ${formatDay(localDateOf(grant.endsAt))}` : 'Đã được cấp quyền', tone: 'good' };
}

function testInWords(test: Delivery | undefined): { words: string; tone: string } | null {
  if (!test) return null;
  const reason = test.reason ? wordOf(deliveryReasonWords, test.reason) : '';
  return { words: `${formatInstant(test.createdAt)}: ${wordOf(deliveryWords, test.state).toLowerCase()}${reason ? ` (${reason.toLowerCase()})` : ''}`, tone: deliveryTone(test.state) };
}
