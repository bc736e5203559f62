import { setMaxListeners } from 'node:events';
import { handleInbound } from '../../bots/handle-inbound.js';
import type { Ctx, Work } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import type { DeliveryPolicy } from '../../src/delivery/policy.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import type { Sender } from '../../src/delivery/sender.js';
import { materializeTasks } from '../../src/directives/materialize-tasks.js';
import { planReminders } from '../../src/directives/plan-reminders.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import type { Run } from '../../src/jobs/work-runner.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import type { Life } from './process.js';
import type { Provider } from './provider.js';
import type { Scheduler } from './scheduler.js';
import { note } from './workload.js';

/** What of the engine a planted bug may replace. */
export interface WorkSeams {
  /** Changes a sender. */
  sender?: (sender: Sender) => Sender;
  policy?: Partial<DeliveryPolicy>;
  relay?: typeof relayIntents;
  seal?: typeof sealLedger;
  digests?: typeof gatherDigests;
  followUp?: typeof followUp;
}

type Works = Record<Work, (ctx: Ctx, run: Run) => Promise<number>>;
type AnyWork = Works[Work];

const renderers = { ...deliveryRenderers, ...taskRenderers, ...meetingRenderers, note };

/** One for all: a reason of its own each time would be a stack to walk. */
const TIMED_OUT = new Error('simulated time-out');

/** The timetable as app.ts wires it, for one life of a process. */
export function worksOf(life: Life, { scheduler, providers, seams }: { scheduler: Scheduler; providers: readonly Provider[]; seams: WorkSeams }): Works {
  const seam = seams.sender ?? ((sender: Sender) => sender);
  const senders = providers.map((provider) => seam(provider.senderFor(life)));
  const channels = senders.map(({ channel }) => channel);
  const policy = seams.policy ?? {};
  const timeout = (ms: number): AbortSignal => {
    const controller = new AbortController();
    // One signal serves all calls of a batch.
    setMaxListeners(0, controller.signal);
    scheduler.after(ms, life, () => controller.abort(TIMED_OUT));
    return controller.signal;
  };
  const { relay = relayIntents, seal = sealLedger, digests = gatherDigests, followUp: follow = followUp } = seams;
  return {
    inbox: then((ctx, run) => drainInbox(ctx, { handle: handleInbound as never, instance: life.name, stopping: run.stopping }), ['intents', 'outbox']),
    intents: then(async (ctx) => (await materializeTasks(ctx)) + (await relay(ctx)), ['outbox']),
    reminders: then((ctx) => planReminders(ctx), ['intents']),
    alerts: then((ctx) => advanceAlerts(ctx), ['intents']),
    digests: then((ctx) => digests(ctx, policy), ['outbox']),
    followups: then((ctx) => follow(ctx, channels, policy), ['outbox']),
    ledger: (ctx) => seal(ctx),
    channels: async () => 0,
    outbox: (ctx, run) => drainOutbox(ctx, { senders, renderers, instance: life.name, policy, timeout, ...run }),
  };
}

const then = (work: AnyWork, next: Work[]): AnyWork => async (ctx, run) => {
  const done = await work(ctx, run);
  if (done > 0) next.forEach((name) => ctx.wake(name));
  return done;
};
