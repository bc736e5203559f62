import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { deserialize } from 'bson';

/** Where a connection breaks: before the request is handed on, in the middle of it, when the server has done it, or in the middle of its answer. */
export const breaks = ['before', 'in-request', 'after', 'in-answer'] as const;
export type Break = (typeof breaks)[number];

/** One break: at which command on which collection ("update deliveries"; "bulk-update deliveries": many updates as one unordered command). */
export interface Cut {
  what: string;
  how: Break;
}

/** A wire between the driver and the database server that knows where one operation ends and the next begins. */
export interface CuttingWire {
  uri: string;
  /** Asked of each operation of the driver's, never of its heartbeats; null lets it pass. */
  decide: (what: string) => Break | null;
  readonly cuts: Cut[];
  close(): Promise<void>;
}

const OPERATIONS = new Set(['find', 'getMore', 'insert', 'update', 'delete', 'findAndModify', 'aggregate', 'count', 'distinct']);
const OP_MSG = 2013;

/** Lays the wire to the server at `uri` (mongodb://host:port/). */
export async function cuttingWire(uri: string): Promise<CuttingWire> {
  const { hostname, port } = new URL(uri);
  const ends = new Set<Socket>();
  const wire: CuttingWire = { uri: '', decide: () => null, cuts: [], close: async () => {} };
  const server = createServer((near) => link(wire, near, connect(Number(port), hostname), ends));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  wire.uri = `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`;
  wire.close = () => new Promise((done) => {
    ends.forEach((end) => end.destroy());
    server.close(() => done());
  });
  return wire;
}

function link(wire: CuttingWire, near: Socket, far: Socket, ends: Set<Socket>): void {
  let onAnswer: { id: number; half: boolean } | null = null;
  const cut = (): void => void (near.destroy(), far.destroy());
  for (const [one, other] of [[near, far], [far, near]] as const) {
    ends.add(one);
    one.on('error', () => {}).on('close', () => void (ends.delete(one), other.destroy()));
  }
  const fromDriver = messages((message) => {
    const what = operationIn(message);
    const how = what === null ? null : wire.decide(what);
    if (what === null || how === null) return void far.write(message);
    wire.cuts.push({ what, how });
    if (how === 'before') return cut();
    if (how === 'in-request') return void far.write(message.subarray(0, message.length >> 1), cut);
    onAnswer = { id: message.readInt32LE(4), half: how === 'in-answer' };
    far.write(message);
  });
  const fromServer = messages((message) => {
    if (onAnswer?.id !== message.readInt32LE(8)) return void near.write(message);
    if (onAnswer.half) near.write(message.subarray(0, message.length >> 1), cut);
    else cut();
  });
  near.on('data', fromDriver);
  far.on('data', fromServer);
}

/** Cuts a stream into messages: each begins with its length (MongoDB wire protocol, standard message header). */
function messages(each: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      each(message);
    }
  };
}

/** "update deliveries" of an OP_MSG whose first section is the command; null for heartbeats and greetings. */
function operationIn(message: Buffer): string | null {
  if (message.readInt32LE(12) !== OP_MSG || message[20] !== 0) return null;
  const body = deserialize(message.subarray(21, 21 + message.readInt32LE(21)));
  const [name = ''] = Object.keys(body);
  const bulk = name === 'update' && body['ordered'] === false ? 'bulk-' : '';
  return OPERATIONS.has(name) ? `${bulk}${name} ${String(name === 'getMore' ? body['collection'] : body[name])}` : null;
}
