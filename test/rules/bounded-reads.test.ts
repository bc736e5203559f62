import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Collections that grow with every day of work. */
const growing = /(?:\b(?:Delivery|LedgerEntry|Inbound|AuditEntry)\b[^;\n]{0,40}|#deliveries)\.(?:find|distinct|aggregate)\(/g;

/** Reads without a limit of their own: a piece of the question, and what bounds its answer. */
const boundedOtherwise: Readonly<Record<string, string>> = {
  'after ? { _id: { $gt: after } } : {}': 'verify-ledger.ts puts the limit behind it (pageOf)',
  'personId: { $in: ids }, acceptedAt: { $gt: since, $lte: now }': 'what the people of one batch were sent in the last seconds',
  "'personId', { ...waiting, chat: null": 'ids of the receivers of one batch',
  "'data.agencyCode', { ...toMailboxes": 'codes of the agencies of one batch',
  'meetingCode: meeting.code, personId, kind': 'one meeting and one person',
  'meetingCode: who.meetingCode': 'one meeting and one receiver',
  'personId, createdAt: { $gte: since }, kind: TEST_KIND': 'tests one person asked for lately',
  "AuditEntry.find(about, { action: 1": 'what was done to one task',
  "entity: 'task', entityKey: code, action: 'task.remind'": 'what was done to one task',
  'channel: \'sms\', to: phone': 'lately, one phone',
  "'chatId', { channel: 'zalo-bot' }": 'chats of one bot: people, not messages',
};

const files = ['src', 'bots', 'admin'].flatMap((dir) => readdirSync(dir, { recursive: true }).map((file) => `${dir}/${String(file)}`)).filter((file) => /\.tsx?$/.test(file) && !/src\/(?:embedded-mongo|demo)\//.test(file));

/** Each such read as far as its statement goes. */
const reads = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(growing)].map(({ index }) => ({ place: `${file}:${text.slice(0, index).split('\n').length}`, statement: (/^[\s\S]*?(?:;|\n\n|$)/.exec(text.slice(index)) ?? [''])[0] }));
});

const isBounded = (statement: string): boolean => statement.includes('.limit(') || /\{ (?:_id|key): \{ \$in: /.test(statement);

test('nothing that grows is read without an end: a limit, keys in hand, or a reason here', () => {
  expect(reads.length).toBeGreaterThan(25);
  const endless = reads.filter(({ statement }) => !isBounded(statement) && !Object.keys(boundedOtherwise).some((piece) => statement.includes(piece)));
  expect(endless.map(({ place, statement }) => `${place}: ${statement.slice(0, 120)}`), 'read it in pages (.limit) or say in bounded-reads.test.ts what bounds it').toEqual([]);
});

test('no reason here has outlived its read', () => {
  expect(Object.keys(boundedOtherwise).filter((piece) => !reads.some(({ statement }) => statement.includes(piece) && !isBounded(statement)))).toEqual([]);
});
