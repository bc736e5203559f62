import { alreadyLinked, codeMissing } from '../../src/texts/link-texts.js';
import { linkByCode, type LinkCommand } from './link-command.js';

/** "/lienket CODE": ties this chat to the person the code was given to. */
export const lienket: LinkCommand = {
  names: ['lienket'],
  run: async (ctx, chat, { text, person }) => {
    if (text !== '') return linkByCode(ctx, chat, text);
    return { message: person ? alreadyLinked(person) : codeMissing(), done: false };
  },
};
