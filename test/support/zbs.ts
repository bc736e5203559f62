import { openConnections } from '../../src/ask/ask-json.js';
import type { TokenAnswer, ZaloTokens } from '../../bots/zalo/oa/tokens.js';
import { zbsChannel } from '../../bots/zalo/zbs/index.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import type { SendOutcome } from '../../src/delivery/sender.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import { startZbsStandIn, type ApprovedTemplate, type ZbsStandIn } from '../../src/demo/providers/zbs.js';
import { Secret } from '../../src/kernel/secret.js';
import type { Message } from '../../src/texts/message.js';
import { testCtx } from './test-ctx.js';

export const LAN = '84912345678';
/** A token Zalo refuses. */
export const OLD = 'zbs-token-that-died';
const TOKEN = 'zbs-token-that-lives';

/** A message with the pieces template 1001 is filled with. */
export const reminder: Message = { text: '🔔 Nhắc việc', kind: 'task-reminder', params: { name: 'Lan', content: 'Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60%', dueOn: '24/11/2026' } };
/** Its blanks, as Zalo approved them. */
export const blanks: ApprovedTemplate['params'] = { ten: { type: 'STRING', maxLength: 30 }, viec: { type: 'STRING', maxLength: 30 }, han: { type: 'DATE', maxLength: 20 } };

export interface ZbsBench extends Awaited<ReturnType<typeof testCtx>> {
  zbs: ZbsStandIn;
  channel: ChannelModule;
  tokens: ZaloTokens & { renewals: number; have: string };
  receipts: [providerId: string, what: string, at: string, code: string | undefined][];
  /** Another instance, perhaps elsewhere. */
  channelAt(apiRoot: string, mode?: 'live' | 'development'): ChannelModule;
  send(message?: Message, to?: string, signal?: AbortSignal): Promise<SendOutcome>;
}

/** ZBS's stand-in with one approved template in the catalogue, and the channel alone on a database of its own. */
export async function zbsBench(): Promise<ZbsBench> {
  const bench = await testCtx('2026-11-20T01:00:00Z');
  const zbs = await startZbsStandIn({ clock: bench.clock, isToken: (token) => token === TOKEN });
  zbs.introduce(LAN);
  zbs.approve('1001', { params: blanks });
  const tokens = tokensOf();
  const receipts: ZbsBench['receipts'] = [];
  const channelAt: ZbsBench['channelAt'] = (apiRoot, mode = 'live') => {
    const config = { ...bench.ctx.config, ZALO_ZBS_MODE: mode, ZALO_ZBS_API_ROOT: apiRoot, ZALO_API_ROOT: apiRoot };
    return zbsChannel({ ...bench.ctx, config }, { receive: async () => {}, receipt: async (id, what, at, code) => void receipts.push([id, what, at.toISOString(), code]) }, { tokens, agent: openConnections() });
  };
  await saveZbsTemplate(bench.ctx, { kind: 'system', name: 'test' }, {
    templateId: '1001', kind: 'task-reminder', sample: 'Đồng chí <ten>: <viec>, hạn <han>.', enabled: true,
    params: [{ name: 'ten', type: 'STRING', maxLength: 30, from: 'name' }, { name: 'viec', type: 'STRING', maxLength: 30, from: 'content' }, { name: 'han', type: 'DATE', maxLength: 20, from: 'dueOn' }],
  });
  const channel = channelAt(zbs.apiRoot);
  return {
    ...bench, zbs, tokens, receipts, channelAt, channel,
    send: (message = reminder, to = LAN, signal = AbortSignal.timeout(5_000)) => channel.sender.send(to, message, { key: 'remind:NV-2026-00012:T-1:64b0', signal }),
    close: async () => {
      await channel.stop?.();
      await zbs.stop();
      await bench.close();
    },
  };
}

/** The OA's tokens: the one in hand, and a good one after a renewal. */
const tokensOf = (): ZbsBench['tokens'] => ({
  renewals: 0,
  have: TOKEN,
  async current(): Promise<TokenAnswer> {
    return { kind: 'token', token: new Secret(this.have) };
  },
  async renew() {
    this.renewals++;
    this.have = TOKEN;
    return { kind: 'token', token: new Secret(TOKEN) };
  },
  grant: () => Promise.reject(new Error('not asked for')),
});
