import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A wire to the database that a story can cut and mend. */
export interface BreakableWire {
  /** The database's address by way of this wire. */
  uri: string;
  cut(): void;
  mend(): Promise<void>;
}

/** Lays a wire to the database at `uri` (mongodb://host:port/). */
export async function breakableWire(uri: string): Promise<BreakableWire> {
  const { hostname, port } = new URL(uri);
  const ends = new Set<Socket>();
  const link = (near: Socket): void => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      ends.add(one);
      one.on('error', () => {}).on('close', () => void (ends.delete(one), other.destroy())).pipe(other);
    }
  };
  const listen = (at: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer(link).listen(at, '127.0.0.1', () => resolve(server));
    });
  let server = await listen(0);
  const address = server.address() as AddressInfo;
  return {
    uri: `mongodb://127.0.0.1:${address.port}/?directConnection=true`,
    cut: () => {
      server.close();
      ends.forEach((end) => end.destroy());
    },
    mend: async () => void (server = await listen(address.port)),
  };
}
