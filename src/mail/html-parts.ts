/** One line of a message, or several that belong together, as the page shows them. */
export type Part =
  | { kind: 'lead' | 'words' | 'point' | 'address'; text: string }
  | { kind: 'group'; title: string; tone: Tone; items: Item[] };

/** A line of a digest: what, and small beneath it by when. */
export interface Item {
  code: string;
  text: string;
  due: string;
}

/** What a colour stands for; red only for hỏa tốc and quá hạn. */
export type Tone = 'plain' | 'good' | 'warning' | 'late';

/** The head of a letter and what follows. */
export interface Page {
  tone: Tone;
  heading: string;
  parts: Part[];
}

/** A heading is read at a glance; longer first lines are cut at a sentence and go on below. */
const LONGEST_HEADING = 90;
const MARK = /^(🔴|🟠|⚠️|✅|🔔|📅)\s*/u;
/** When something is due or takes place: the line people look for. */
const LEAD = /^(?:Hạn(?: mới)?: |Cơ quan chủ trì: |Họp lúc |Cuộc họp lúc |\d\d:\d\d )/;
const GROUP = /^(\p{Lu}[\p{Lu} ]+) \(\d+\)$/u;

/** Takes a message's lines apart; every word of them stands in the result but the mark, which becomes a colour. */
export function pageOf(subject: string, lines: readonly string[]): Page {
  const [first = '', ...rest] = lines;
  const mark = MARK.exec(first)?.[1] ?? '';
  const words = first.replace(MARK, '');
  const { heading, more } = split(words, subject);
  return { tone: toneOf(mark, words), heading, parts: partsOf([...more, ...rest]) };
}

function toneOf(mark: string, words: string): Tone {
  if (mark === '🔴' || /quá hạn|hỏa tốc/i.test(words)) return 'late';
  if (mark === '⚠️' || mark === '🟠') return 'warning';
  return mark === '✅' ? 'good' : 'plain';
}

function split(words: string, subject: string): { heading: string; more: string[] } {
  const letter = /^Kính gửi /.test(words);
  if (!letter && words.length <= LONGEST_HEADING) return { heading: words, more: [] };
  const [, start = '', end = ''] = letter ? [] : (/^(.{10,90}?)(?: — |\. )(.+)$/su.exec(words) ?? []);
  if (start) return { heading: start, more: [end] };
  const short = subject.replace(/^\[[^\]]*\]\s*/, '');
  return { heading: short.length <= LONGEST_HEADING && !words.startsWith(short) ? short : 'Nhắc Việc', more: [words] };
}

function partsOf(lines: readonly string[]): Part[] {
  const parts: Part[] = [];
  for (const line of lines) {
    const text = line.trim();
    const last = parts.at(-1);
    const title = GROUP.exec(text)?.[1];
    if (text === '') continue;
    if (title) parts.push({ kind: 'group', title: text, tone: groupTone(title), items: [] });
    else if (last?.kind === 'group' && text.startsWith('- ')) last.items.push(itemOf(text.slice(2)));
    else parts.push({ kind: kindOf(text, parts.length === 0), text });
  }
  return parts;
}

function kindOf(text: string, first: boolean): 'lead' | 'words' | 'point' | 'address' {
  if (first && LEAD.test(text)) return 'lead';
  if (/^https?:\/\/\S+$/.test(text)) return 'address';
  return text.startsWith('- ') ? 'point' : 'words';
}

const groupTone = (title: string): Tone => (title === 'QUÁ HẠN' ? 'late' : /ĐẾN HẠN/.test(title) ? 'warning' : 'plain');

/** "NV-12 · Báo cáo tiến độ… · hạn 24/11, còn 1 ngày làm việc" in its pieces; other lines are one. */
function itemOf(text: string): Item {
  const [, code = '', what = '', due = ''] = /^([A-Z]{1,4}-[\d-]+) · (.+) · (hạn .+)$/.exec(text) ?? [];
  return code ? { code, text: what, due } : { code: '', text, due: '' };
}
