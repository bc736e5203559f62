import type { Ctx } from '../../context.js';
import type { Lane } from '../intent.js';
import { keys } from '../keys.js';
import { tell } from './tell-office.js';

/** Somebody who is to preside will not come: the office is told at once, and once however often the same absence is said again. `since`: the cause of the answer it began with. */
export const tellChairAbsent = (ctx: Ctx, about: { meetingCode: string; version: number; personId: string; since: string; lane: Lane }): Promise<void> =>
  tell(ctx, { key: keys.chairAbsent(about.meetingCode, about.version, about.since), kind: 'chair-absent', lane: about.lane, asked: 'by-day', data: { meetingCode: about.meetingCode, version: about.version, personId: about.personId } });
