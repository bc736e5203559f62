import { capnhat } from './capnhat.js';
import { chitiet } from './chitiet.js';
import type { Command } from './command.js';
import { hop } from './hop.js';
import { nhiemvu } from './nhiemvu.js';
import { thamdu } from './thamdu.js';
import { foldInPlace, tidy } from './tidy.js';
import { trogiup } from './trogiup.js';
import { vang } from './vang.js';
import { xacminh } from './xacminh.js';
import { xacnhan } from './xacnhan.js';

/** Every command of linked people, in the order of the help; start, lienket and huylienket work without a link and stand apart. */
export const commands: readonly Command[] = [nhiemvu, chitiet, capnhat, hop, trogiup, xacnhan, thamdu, vang, xacminh];

/** The command of a name as typed: without "/" or "#", any case, with or without diacritics. */
export function findCommand(name: string): Command | undefined {
  const wanted = foldInPlace(name.normalize('NFC')).replace(/\s+/g, '');
  return commands.find((command) => command.names.includes(wanted));
}

/** A text that calls for a command. `command` is undefined where the name means nothing to us. */
export interface CommandCall {
  command: Command | undefined;
  /** The name as typed, for "no such command". */
  name: string;
  /** What follows the name, NFC, trimmed. */
  text: string;
}

/**
 * Reads "/capnhat NV-12 70%", "#capnhat …", "/Cập nhật …", "／ｃn …" and "/capnhat@bot …" alike. Undefined: no command,
 * just words. Names may be typed with spaces between their syllables.
 */
export function readCommand(typed: string): CommandCall | undefined {
  const text = tidy(typed);
  const sign = /^[/#]\s*(?=\S)/.exec(foldInPlace(text));
  if (!sign) return undefined;
  const rest = text.slice(sign[0].length);
  for (const syllables of [1, 2, 3]) {
    const head = new RegExp(`^\\S+(?:\\s+\\S+){${syllables - 1}}`).exec(rest)?.[0];
    const command = head && findCommand(head.replace(/@\w+$/, ''));
    if (head && command) return { command, name: head, text: rest.slice(head.length).trim() };
  }
  const name = /^\S+/.exec(rest)?.[0] ?? '';
  return { command: undefined, name, text: rest.slice(name.length).trim() };
}
