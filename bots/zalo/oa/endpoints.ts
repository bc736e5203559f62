import type { Ctx } from '../../../src/context.js';

const V3 = '/v3.0/oa/message/cs';
const V2 = '/v2.0/oa/message';

/**
 * Which endpoint sends for this OA. Ordinary OAs use v3; some state-agency OAs answer -235 there and can only send the same
 * body over v2 (reported by two public-sector projects), so the working one is remembered for all instances.
 */
export interface Endpoints {
  current(): Promise<string>;
  /** The one to try after -235, or null where there is none left. */
  otherThan(path: string): string | null;
  remember(path: string): Promise<void>;
  forget(): Promise<void>;
}

export function createEndpoints(ctx: Ctx, appId: string): Endpoints {
  const _id = `zalo-oa-endpoint:${appId}`;
  let known: string | null = null;
  const write = async (path: string) => {
    known = path;
    await ctx.db.State.updateOne({ _id }, { $set: { value: path, updatedAt: ctx.clock.now() } }, { upsert: true });
  };
  return {
    current: async () => {
      if (known) return known;
      const stored = await ctx.db.State.findById(_id).lean();
      return (known = stored?.value === V2 ? V2 : V3);
    },
    otherThan: (path) => (path === V3 ? V2 : null),
    remember: write,
    forget: () => write(V3),
  };
}
