import { deserialize, serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { message, opMsg, RawConnection } from './raw.js';
import { databaseName, external, startTestServer, type TestServer } from './server.js';

describe.skipIf(external !== undefined)('the wire protocol', () => {
  let server: TestServer;
  let port = 0;
  const db = databaseName();

  beforeAll(async () => {
    server = await startTestServer();
    port = server.embedded?.port ?? 0;
  });
  afterAll(() => server.stop());

  async function withConnection<T>(work: (connection: RawConnection) => Promise<T>): Promise<T> {
    const connection = await RawConnection.open(port);
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }

  test('answers the OP_QUERY hello of a driver as a stand-alone server', () => withConnection(async (connection) => {
    const payload = Buffer.concat([Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.from([0, 0, 0, 0, 255, 255, 255, 255]), serialize({ isMaster: 1, helloOk: true })]);
    connection.socket.write(message(2004, payload));
    const reply = await connection.read();
    expect(reply?.readInt32LE(12)).toBe(1);
    const hello = deserialize(reply?.subarray(36) ?? Buffer.alloc(0));
    expect(hello).toMatchObject({ ismaster: true, helloOk: true, maxWireVersion: 21, maxMessageSizeBytes: 48_000_000, ok: 1 });
    expect(hello).not.toHaveProperty('setName');
    expect(hello).toHaveProperty('logicalSessionTimeoutMinutes', 30);
    expect(hello).not.toHaveProperty('topologyVersion');
  }));

  test('takes document sequences, a checksum, and requests that come in pieces or together', () => withConnection(async (connection) => {
    const insert = opMsg([{ body: { insert: 'c', $db: db } }, { name: 'documents', documents: [{ _id: 1 }, { _id: 2 }] }], 1);
    for (const byte of insert) connection.socket.write(Buffer.from([byte]));
    const first = await connection.read();
    expect(deserialize(first?.subarray(21) ?? Buffer.alloc(0))).toMatchObject({ n: 2, ok: 1 });
    connection.socket.write(Buffer.concat([opMsg([{ body: { ping: 1, $db: db } }]), opMsg([{ body: { count: 'c', $db: db } }])]));
    await connection.read();
    const second = await connection.read();
    expect(deserialize(second?.subarray(21) ?? Buffer.alloc(0))).toMatchObject({ n: 2 });
  }));

  test('does not answer a request that wants no reply', () => withConnection(async (connection) => {
    connection.socket.write(opMsg([{ body: { insert: 'w0', documents: [{ _id: 1 }], $db: db } }], 2));
    expect(await connection.command({ count: 'w0', $db: db })).toMatchObject({ n: 1 });
  }));

  test.each([
    ['a length below the header', message(2013, Buffer.alloc(0))],
    ['a length above the limit', Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0])],
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0])],
    ['an unknown opcode', message(2010, Buffer.alloc(30))],
    ['an unknown required flag', opMsg([{ body: { ping: 1, $db: 'x' } }], 8)],
    ['an unknown section kind', message(2013, Buffer.concat([Buffer.alloc(4), Buffer.from([9]), serialize({ ping: 1 })]))],
    ['a document longer than its message', message(2013, Buffer.concat([Buffer.alloc(5), Buffer.from([99, 0, 0, 0, 0, 0])]))],
    ['no body', opMsg([{ name: 'documents', documents: [{ a: 1 }] }])],
    ['two bodies', opMsg([{ body: { ping: 1, $db: 'x' } }, { body: { ping: 1, $db: 'x' } }])],
  ])('closes the connection on %s', (_name, bytes) => withConnection(async (connection) => {
    connection.socket.write(bytes);
    expect(await connection.read()).toBeUndefined();
    expect(connection.closed).toBe(true);
  }));

  test('answers malformed BSON, unknown commands and unknown fields with MongoDB\'s errors', () => withConnection(async (connection) => {
    const bad = Buffer.from(serialize({ find: 'c', $db: db, filter: { a: 'text' } }));
    bad[bad.indexOf(Buffer.from('text')) - 4] = 99; // the length of the text lies
    connection.socket.write(message(2013, Buffer.concat([Buffer.alloc(5), bad])));
    const reply = await connection.read();
    expect(deserialize(reply?.subarray(21) ?? Buffer.alloc(0))).toMatchObject({ ok: 0, code: 22, codeName: 'InvalidBSON' });
    expect(await connection.command({ frobnicate: 1, $db: db })).toMatchObject({ ok: 0, code: 59, codeName: 'CommandNotFound' });
    expect(await connection.command({ find: 'c', foo: 1, $db: db })).toMatchObject({ code: 40415 });
    expect(await connection.command({ find: 'c', filter: 'x', $db: db })).toMatchObject({ code: 14, codeName: 'TypeMismatch' });
    expect(await connection.command({ ping: 1 })).toMatchObject({ code: 40571 });
    expect(await connection.command({ ping: 1, $db: 'a b' })).toMatchObject({ code: 73 });
    expect(await connection.command({ find: 'c', txnNumber: 1, $db: db })).toMatchObject({ code: 20 });
  }));

  test('refuses documents that nest too deeply and survives absurd depth', () => withConnection(async (connection) => {
    let deep: object = { a: 1 };
    for (let level = 0; level < 250; level += 1) deep = { a: deep };
    expect(await connection.command({ insert: 'c', documents: [deep], $db: db })).toMatchObject({ ok: 0, code: 15 });
    expect(await connection.command({ ping: 1, $db: db })).toMatchObject({ ok: 1 });
    const levels = 200_000;
    const nested = Buffer.alloc(8 * levels + 5 + 8);
    for (let level = 0; level < levels; level += 1) {
      nested.writeInt32LE(8 * (levels - level) + 5, 7 * level + 0);
      nested.write('\x03a\0', 7 * level + 4, 'latin1');
    }
    connection.socket.write(message(2013, Buffer.concat([Buffer.alloc(5), nested])));
    await connection.read(500);
    expect(await server.client.db(db).command({ ping: 1 })).toMatchObject({ ok: 1 });
  }));

  test('survives random and mutated bytes', async () => {
    const { fuzzWire } = await import('../../bench/fuzz-wire.js');
    const result = await fuzzWire(port, 2000, 1);
    expect(result.sent).toBeGreaterThan(50);
    expect(await server.client.db(db).command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});
