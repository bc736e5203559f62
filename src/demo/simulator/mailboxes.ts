import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from '@sinclair/typebox';
import { invitationAnswers, type MailStandIn, type ShownLetter } from '../providers/mail.js';
import type { PhoneChanged } from './events.js';

/** A mailbox that can be opened in the simulator: a person's, or an agency's. */
export interface SimulatorMailbox {
  /** Short and stable, part of addresses ("P12", "STC"). */
  id: string;
  name: string;
  /** The post; empty for an agency. */
  position: string;
  /** Heading under which the list shows it. */
  group: string;
  address: string;
}

/** The provider, its readers, and whose mailbox lies open first. */
export interface SimulatorMail {
  provider: MailStandIn;
  boxes: readonly SimulatorMailbox[];
  first: string;
}

const FILE_LIMIT = 5_000_000;
const PREVIEW = 140;

const Box = Type.Object({ box: Type.String() });
/** Parts of addresses are texts: the server turns nothing into numbers by itself. */
const Letter = Type.Object({ box: Type.String(), number: Type.String({ pattern: '^[1-9][0-9]{0,6}$' }) });
const File = Type.Object({ box: Type.String(), number: Type.String({ pattern: '^[1-9][0-9]{0,6}$' }), n: Type.String({ pattern: '^[0-9]{1,2}$' }) });
const Attached = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }), type: Type.String({ maxLength: 100 }), data: Type.String() }, { additionalProperties: false });
const Reply = Type.Object({ text: Type.String({ maxLength: 4_000 }), file: Type.Optional(Attached) }, { additionalProperties: false });
const Respond = Type.Object({ answer: Type.Union(invitationAnswers.map((one) => Type.Literal(one))), comment: Type.Optional(Type.String({ maxLength: 500 })) }, { additionalProperties: false });

type LetterRequest<Body = unknown> = FastifyRequest<{ Params: Static<typeof Letter>; Body: Body }>;
/** As much of a request as finds the letter. */
type Wanted = { params: Static<typeof Letter> };

/**
 * Everybody's mailbox under /simulator/mailboxes. Reading shows what the provider took over SMTP; answers and a calendar's
 * answers leave over SMTP. For the demo only: it asks nobody to sign in.
 */
export function registerMailboxes(scope: FastifyInstance, { provider, boxes, first }: SimulatorMail, tell: (changed: PhoneChanged) => void): void {
  const byAddress = new Map(boxes.map((box) => [box.address.toLowerCase(), box.id]));
  const stop = provider.onChange((address) => {
    const box = byAddress.get(address);
    if (box) tell({ person: box, channel: 'email' });
  });
  scope.addHook('onClose', async () => stop());
  const boxOf = (id: string): SimulatorMailbox | undefined => boxes.find((box) => box.id === id);
  scope.get('/simulator/mailboxes', async () => ({ first, boxes: boxes.map((box) => ({ ...box, unopened: provider.unopened(box.address).length })) }));
  scope.get('/simulator/mailboxes/:box', { schema: { params: Box } }, async (request: FastifyRequest<{ Params: Static<typeof Box> }>, reply) => {
    const box = boxOf(request.params.box);
    return box ? listOf(provider, box) : reply.code(404).send({ error: 'no-such-mailbox' });
  });
  const found = async ({ params }: Wanted): Promise<Found | null> => {
    const box = boxOf(params.box);
    const letter = box && [...(await provider.lettersOf(box.address)), ...(await provider.sentBy(box.address))].find(({ number }) => number === Number(params.number));
    return box && letter ? { box, letter } : null;
  };
  registerReading(scope, provider, found);
  registerAnswering(scope, provider, found);
}

interface Found {
  box: SimulatorMailbox;
  letter: ShownLetter;
}
type Find = (request: Wanted) => Promise<Found | null>;

/** Newest first; what the reader sent stands among what they got. */
async function listOf(provider: MailStandIn, { address }: SimulatorMailbox): Promise<object[]> {
  const unopened = new Set(provider.unopened(address));
  const line = (letter: ShownLetter, sent: boolean) => ({
    number: letter.number, at: letter.at, subject: letter.subject, sent,
    who: sent ? letter.to : letter.from.name || letter.from.address,
    preview: previewOf(letter, sent),
    unopened: !sent && unopened.has(letter.number),
    invitation: letter.invitation !== null,
    files: letter.attachments.length,
  });
  const all = [...(await provider.lettersOf(address)).map((one) => line(one, false)), ...(await provider.sentBy(address)).map((one) => line(one, true))];
  return all.sort((a, b) => b.number - a.number);
}

/** The reader's own first words; of what they got those behind the heading, which the subject says already. */
function previewOf({ text }: ShownLetter, sent: boolean): string {
  const [first = '', second = ''] = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return (sent ? first : second || first).slice(0, PREVIEW);
}

function registerReading(scope: FastifyInstance, provider: MailStandIn, found: Find): void {
  const at = '/simulator/mailboxes/:box/letters/:number';
  scope.get(at, { schema: { params: Letter } }, (request: LetterRequest, reply) =>
    withLetter(found(request), reply, async ({ box, letter: { html, invitation, ...letter } }) => {
      const sent = letter.from.address.toLowerCase() === box.address.toLowerCase();
      if (!sent) provider.markOpened(letter.number);
      return { ...letter, sent, hasPage: html !== null, invitation: invitation && { ...invitation, ics: undefined } };
    }),
  );
  scope.get(`${at}/page`, { schema: { params: Letter } }, (request: LetterRequest, reply) =>
    withLetter(found(request), reply, async ({ letter }) => {
      void reply.type('text/html; charset=utf-8').headers({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' });
      return letter.html ?? '';
    }),
  );
  scope.get(`${at}/invitation.ics`, { schema: { params: Letter } }, (request: LetterRequest, reply) =>
    withLetter(found(request), reply, async ({ letter }) => {
      void reply.type('text/calendar; charset=utf-8').header('content-disposition', 'attachment; filename="lich-hop.ics"');
      return letter.invitation?.ics ?? '';
    }),
  );
  scope.get(`${at}/files/:n`, { schema: { params: File } }, (request: FastifyRequest<{ Params: Static<typeof File> }>, reply) =>
    withLetter(found(request), reply, async ({ box, letter }) => {
      const file = await provider.fileOf(box.address, letter.number, Number(request.params.n));
      if (!file) throw new RangeError('no such file');
      void reply.type(file.type).headers({ 'content-disposition': `${SHOWN.test(file.type) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`, 'x-content-type-options': 'nosniff' });
      return file.bytes;
    }),
  );
}

/** What a browser may show itself; everything else is a download. */
const SHOWN = /^(application\/pdf|image\/(png|jpeg))$/;

/** A letter may draw itself and nothing else: no script, nothing fetched, whatever is in it. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

function registerAnswering(scope: FastifyInstance, provider: MailStandIn, found: Find): void {
  const at = '/simulator/mailboxes/:box/letters/:number';
  scope.post(`${at}/reply`, { schema: { params: Letter, body: Reply }, bodyLimit: FILE_LIMIT * 1.4 }, (request: LetterRequest<Static<typeof Reply>>, reply) =>
    withLetter(found(request), reply, ({ box, letter }) => {
      const { text, file } = request.body;
      return provider.answer(box, letter.id, { words: text, ...(file ? { file: { name: file.name, type: file.type, bytes: Buffer.from(file.data, 'base64') } } : {}) });
    }),
  );
  scope.post(`${at}/respond`, { schema: { params: Letter, body: Respond } }, (request: LetterRequest<Static<typeof Respond>>, reply) =>
    withLetter(found(request), reply, ({ box, letter }) => provider.respond(box, letter.id, request.body.answer, request.body.comment)),
  );
}

async function withLetter(found: Promise<Found | null>, reply: FastifyReply, work: (found: Found) => Promise<unknown>): Promise<FastifyReply> {
  const here = await found;
  if (!here) return reply.code(404).send({ error: 'no-such-letter' });
  try {
    return reply.send((await work(here)) ?? {});
  } catch (error) {
    if (error instanceof RangeError) return reply.code(409).send({ error: 'not-possible' });
    throw error;
  }
}
