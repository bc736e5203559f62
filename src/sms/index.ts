import type { Ctx } from '../context.js';
import type { ChannelHealth, ChannelModule, ChannelPorts, CreateChannel } from '../delivery/channel-module.js';
import { smsAsSent } from '../delivery/content/sms-as-sent.js';
import type { SendOutcome } from '../delivery/sender.js';
import { smsProblem } from '../texts/sms-texts.js';
import type { SmsDriver } from './driver.js';
import { esmsDriver } from './drivers/esms.js';
import type { SmppLimits } from './drivers/smpp-link.js';
import { readSmppUrl, smppDriver } from './drivers/smpp.js';
import { smsSender } from './sender.js';

/** SMS as a channel, over eSMS.vn or SMPP. Needs the settings `missingForChannel` names; throws TypeError without them. */
export function smsChannel(ctx: Ctx, ports: ChannelPorts, seams: { smppLimits?: Partial<SmppLimits> } = {}): ChannelModule {
  const log = ctx.log.child({ channel: 'sms' });
  const driver = openDriver({ ...ctx, log }, ports, seams.smppLimits);
  const health = createHealth(driver, ctx.clock.now());
  const { routes, start, stop, poll } = driver;
  return {
    sender: smsSender({ driver, asSent: (message) => smsAsSent(ctx, message), noticed: health.noticed, templates: health.templates }),
    ...(routes ? { routes } : {}),
    ...(start ? { start } : {}),
    ...(stop ? { stop } : {}),
    ...(poll ? { poll } : {}),
    health: health.now,
  };
}

/** How app.ts plugs SMS in. */
export const createSms: CreateChannel = (ctx, ports) => smsChannel(ctx, ports);

function openDriver(ctx: Ctx, ports: ChannelPorts, limits: Partial<SmppLimits> | undefined): SmsDriver {
  const { SMS_DRIVER: driver, SMS_BRANDNAME: brandname, SMS_SMPP_URL: smppUrl, SMS_ESMS_API_KEY: apiKey, SMS_ESMS_SECRET_KEY: secretKey } = ctx.config;
  if (driver === 'smpp' && brandname && smppUrl) return smppDriver(ctx, { login: readSmppUrl(smppUrl.reveal()), brandname }, ports, limits);
  if (driver !== 'esms' || !brandname || !apiKey || !secretKey) throw new TypeError('SMS is not completely configured: the channel must stay off');
  const { SMS_ESMS_ROOT: root, SMS_ESMS_SANDBOX: sandbox, SMS_CALLBACK_SECRET: secret, PUBLIC_URL: publicUrl } = ctx.config;
  const callback = secret ? { callback: { secret, ...(publicUrl ? { publicUrl } : {}) } } : {};
  return esmsDriver(ctx, { root, apiKey, secretKey, brandname, sandbox, ...callback }, ports);
}

/** The last thing that happened decides; a number out of reach says nothing about the channel. */
function createHealth(driver: SmsDriver, since: Date) {
  let problem: string | null = null;
  let template: string | null = null;
  return {
    now: (): ChannelHealth => {
      const trouble = driver.trouble?.();
      const shown = trouble ? smsProblem(trouble, false) : problem;
      if (shown) return { state: 'failing', problem: shown, ...(trouble === 'starting' ? { connectingSince: since } : {}) };
      return template ? { state: 'ok', problem: smsProblem(template, true) } : { state: 'ok' };
    },
    templates: (code: string): void => void (template = code),
    noticed: (outcome: SendOutcome): void => {
      if (outcome.kind === 'unreachable' && outcome.code === 'esms-146') template = outcome.code;
      if (outcome.kind === 'accepted' || outcome.kind === 'unreachable') problem = null;
      else problem = smsProblem(outcome.code, outcome.kind === 'rejected');
    },
  };
}
