import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from '@sinclair/typebox';
import type { Channel } from '../../kernel/channels.js';
import { registerAssets } from './assets.js';
import { registerEvents } from './events.js';
import type { History } from './history.js';
import { registerMailboxes, type SimulatorMail } from './mailboxes.js';
import type { SimulatorNetwork } from './networks.js';
import type { FirstPhones, SimulatorPerson } from './people.js';

/** More than the product takes, so that the product itself can say what is too large. */
const FILE_LIMIT = 20_000_000;

const Phone = Type.Object({ channel: Type.String(), person: Type.String() });
const Say = Type.Object({ text: Type.String({ minLength: 1, maxLength: 4_000 }), replyTo: Type.Optional(Type.String()) }, { additionalProperties: false });
const Tap = Type.Object({ messageId: Type.String(), index: Type.Integer({ minimum: 0, maximum: 20 }) }, { additionalProperties: false });
const Attach = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }), type: Type.String({ maxLength: 100 }), data: Type.String(), caption: Type.Optional(Type.String({ maxLength: 1_000 })) }, { additionalProperties: false });

type PhoneRequest<Body = unknown> = FastifyRequest<{ Params: Static<typeof Phone>; Body: Body }>;

/** What the page may do with the phone a request names. */
interface Hand {
  network: SimulatorNetwork;
  userId: string;
}

/**
 * The page /simulator with everybody's phones. Whatever is done on it goes through the stand-in providers' wire, never
 * straight into the product. For the demo only: it asks nobody to sign in. `people` is asked anew for each request; `history`
 * is what a phone showed before the providers began; `mail`: everybody's mailbox on the page /simulator/mail.
 */
export async function registerSimulator(http: FastifyInstance, networks: readonly SimulatorNetwork[], people: () => { people: SimulatorPerson[]; first: FirstPhones }, { history, mail }: { history?: History; mail?: SimulatorMail } = {}): Promise<void> {
  await http.register(async (scope) => {
    registerAssets(scope);
    const tell = registerEvents(scope);
    for (const network of networks) {
      const stop = network.onChange((userId) => {
        const person = people().people.find((p) => p.phones[network.channel] === userId);
        if (person) tell({ person: person.id, channel: network.channel });
      });
      scope.addHook('onClose', async () => stop());
    }
    scope.get('/simulator/people', async () => people());
    const hand = handOf(networks, people);
    scope.get('/simulator/phones/:channel/:person', { schema: { params: Phone } }, (request: PhoneRequest, reply) =>
      withHand(hand(request), reply, async ({ network, userId }) => [...((await history?.({ channel: network.channel, userId })) ?? []), ...network.messagesOf(userId)]),
    );
    registerActions(scope, hand);
    if (mail) registerMailboxes(scope, mail, tell);
    else scope.get('/simulator/mailboxes', async () => ({ first: '', boxes: [] }));
  });
}

function registerActions(scope: FastifyInstance, hand: (request: PhoneRequest) => Hand | null): void {
  const at = '/simulator/phones/:channel/:person';
  scope.post(`${at}/say`, { schema: { params: Phone, body: Say } }, (request: PhoneRequest<Static<typeof Say>>, reply) =>
    withHand(hand(request), reply, ({ network, userId }) => can(network.say)(userId, request.body.text, request.body.replyTo ? { replyTo: request.body.replyTo } : {})),
  );
  scope.post(`${at}/tap`, { schema: { params: Phone, body: Tap } }, (request: PhoneRequest<Static<typeof Tap>>, reply) =>
    withHand(hand(request), reply, ({ network, userId }) => can(network.tap)(userId, request.body.messageId, request.body.index)),
  );
  scope.post(`${at}/look`, { schema: { params: Phone } }, (request: PhoneRequest, reply) =>
    withHand(hand(request), reply, async ({ network, userId }) => network.look?.(userId)),
  );
  scope.post(`${at}/attach`, { schema: { params: Phone, body: Attach }, bodyLimit: FILE_LIMIT * 1.4 }, (request: PhoneRequest<Static<typeof Attach>>, reply) =>
    withHand(hand(request), reply, ({ network, userId }) => {
      const { data, ...file } = request.body;
      return can(network.attach)(userId, { ...file, bytes: Buffer.from(data, 'base64') });
    }),
  );
}

const handOf =
  (networks: readonly SimulatorNetwork[], people: () => { people: SimulatorPerson[] }) =>
  ({ params }: PhoneRequest): Hand | null => {
    const network = networks.find((n) => n.channel === params.channel);
    const userId = people().people.find((p) => p.id === params.person)?.phones[params.channel as Channel];
    return network && userId ? { network, userId } : null;
  };

/** Throws RangeError on phones that are only read. */
function can<T>(deed: T | undefined): T {
  if (deed === undefined) throw new RangeError('nothing can be done on this phone');
  return deed;
}

async function withHand(hand: Hand | null, reply: FastifyReply, work: (hand: Hand) => Promise<unknown>): Promise<FastifyReply> {
  if (!hand) return reply.code(404).send({ error: 'no-such-phone' });
  try {
    return reply.send((await work(hand)) ?? {});
  } catch (error) {
    // A message that is no longer there, or a button it never had.
    if (error instanceof RangeError) return reply.code(409).send({ error: 'no-such-message' });
    throw error;
  }
}
