import { cut } from '../common-texts.js';
import type { Message } from '../message.js';

const LABEL = '\nNội dung: ';
/** The dots of a cut are one character here and three in an SMS. */
const DOTS = 2;
/** Shorter says nothing any more. */
const LEAST = 20;
const STEP = 5;

/** Agencies send no links by SMS. */
const withoutLinks = (words: string): string => words.replace(/(?:https?:\/\/|www\.)\S+/giu, ' ').replace(/\s+/g, ' ').trim();

/** Words cut on a word to at most so many characters as an SMS counts them. */
export function excerptOf(words: string, most: number): string {
  const line = withoutLinks(words);
  return line.length <= most ? line : cut(line, most - DOTS);
}

/** The short form of a message, with at most so many characters of what it is about; 0: as it is. */
export function withExcerpt(short: Message, matter: string | undefined, most: number): Message {
  const excerpt = matter && most >= LEAST ? excerptOf(matter, most) : '';
  return excerpt ? { ...short, text: `${short.text}${LABEL}${excerpt}`, excerpt } : short;
}

/** A text with its excerpt, then with shorter and shorter ones, at last without. */
export function shorterAndShorter(text: string, excerpt: string): string[] {
  const at = text.lastIndexOf(LABEL + excerpt);
  if (at < 0) return [text];
  const [before, behind] = [text.slice(0, at), text.slice(at + LABEL.length + excerpt.length)];
  const words = excerpt.replace(/…$/, '');
  const lengths = Array.from({ length: Math.ceil(excerpt.length / STEP) }, (_, i) => excerpt.length - STEP * (i + 1)).filter((most) => most >= LEAST);
  return [text, ...lengths.map((most) => before + LABEL + cut(words, most) + behind), before + behind];
}
