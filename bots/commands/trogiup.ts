import { helpText } from '../../src/texts/help-texts.js';
import type { Command } from './command.js';

/** "/trogiup": the forms, all on one screen. */
export const trogiup: Command = {
  names: ['trogiup', 'help', 'huongdan'],
  run: async (_ctx, actor, { link }) => helpText(link !== null, actor.kind === 'person' ? actor.roles : []),
};
