import { helpText } from '../../src/texts/help-texts.js';
import type { Command } from './command.js';
import { onlyPresides, ownCodes } from './own-codes.js';

/** "/trogiup": the forms, all on one screen. */
export const trogiup: Command = {
  names: ['trogiup', 'help', 'huongdan'],
  run: async (ctx, actor, { link }) =>
    helpText(link !== null, { roles: actor.kind === 'person' ? actor.roles : [], presides: await onlyPresides(ctx, actor), codes: await ownCodes(ctx, actor) }),
};
