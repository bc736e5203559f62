import { openConnections } from '../../../src/ask/ask-json.js';
import type { Ctx } from '../../../src/context.js';
import type { ChannelHealth, ChannelModule, ChannelPorts, CreateChannel } from '../../../src/delivery/channel-module.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';
import { zbsProblems, type ZbsProblem } from '../../../src/texts/zbs-texts.js';
import { oaTokens } from '../oa-tokens.js';
import { createZaloClient } from '../oa/client.js';
import type { ZaloTokens } from '../oa/tokens.js';
import { isTemplateFault, isUsedUp } from './errors.js';
import { askQuota } from './quota.js';
import { pollStatus } from './receipts.js';
import { createZbsSender } from './sender.js';

/**
 * ZBS template messages (formerly ZNS) by phone and by the OA's user id as a channel. `tokens` are the Official Account's, in whose name they are sent.
 * Receipts come in through the OA's webhook. Throws TypeError without ZALO_ZBS_MODE.
 */
export function zbsChannel(ctx: Ctx, ports: ChannelPorts, { tokens, agent }: { tokens: ZaloTokens; agent: ReturnType<typeof openConnections> }): ChannelModule {
  const { ZALO_ZBS_MODE: mode, ZALO_ZBS_API_ROOT: apiRoot, ZALO_API_ROOT: oaRoot } = ctx.config;
  if (!mode) throw new TypeError('ZALO_ZBS_MODE is not set: the channel must stay off');
  const client = createZaloClient(apiRoot, agent);
  const health = createHealth();
  return {
    sender: createZbsSender(ctx, { client, oaClient: createZaloClient(oaRoot, agent), tokens, mode, noticed: health.outcome }),
    poll: async () => {
      await askQuota(ctx, { client, tokens });
      return pollStatus(ctx, { client, tokens, receipt: ports.receipt });
    },
    stop: async () => {
      agent.close().catch((error: unknown) => ctx.log.debug({ event: 'zbs-close', err: error }, 'connections were closed already'));
    },
    health: health.now,
  };
}

/** How app.ts plugs ZBS in, with the tokens of the OA that is configured. */
export const createZbs: CreateChannel = (ctx, ports) => {
  const agent = openConnections();
  return zbsChannel(ctx, ports, { tokens: oaTokens(ctx, agent), agent });
};

/** The last call decides; a person without Zalo and a kind without a template say nothing about the channel. */
function createHealth() {
  let problem: { what: ZbsProblem; code: string } | null = null;
  return {
    now: (): ChannelHealth => (problem ? { state: 'failing', problem: zbsProblems[problem.what](problem.code) } : { state: 'ok' }),
    outcome: (outcome: SendOutcome): void => {
      if (outcome.kind === 'accepted') return void (problem = null);
      const { code } = outcome;
      if (isTemplateFault(code)) problem = { what: 'template', code };
      else if (outcome.kind === 'rejected') problem = { what: whyRejected(code), code };
      else if (outcome.kind === 'retry') problem = { what: 'disturbed', code };
    },
  };
}

const whyRejected = (code: string): ZbsProblem => (isUsedUp(code) ? 'used-up' : code.includes('grant-lost') ? 'grant' : 'settings');
