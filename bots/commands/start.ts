import { alreadyLinked, howToLink } from '../../src/texts/link-texts.js';
import { linkByCode, type LinkCommand } from './link-command.js';

/** "/start CODE" as deep links send it; without a code it greets. */
export const start: LinkCommand = {
  names: ['start', 'batdau'],
  run: async (ctx, chat, { text, person }) => {
    if (text !== '') return linkByCode(ctx, chat, text);
    return { message: person ? alreadyLinked(person) : howToLink(), done: false };
  },
};
