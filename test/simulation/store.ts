import { Types, type Schema } from 'mongoose';
import { buildModels, type Db } from '../../src/models.js';
import { Collection } from './collection.js';
import { fakeModel, type Steps, type Wire } from './fake-model.js';
import { shapeOf, type Shape } from './shape.js';

export type Name = Exclude<keyof Db, 'conn'>;

/** Every collection of the house, whoever adds one: what the real connection would be asked to model. */
const schemas = ((): Record<Name, Schema> => {
  const found: Record<string, Schema> = {};
  buildModels({ model: (name: string, schema: Schema) => (found[name] = schema) } as never);
  return found as Record<Name, Schema>;
})();
const names = Object.keys(schemas) as Name[];

let known: Record<Name, Shape> | null = null;
/** Read from the schemas once: it takes longer than a small simulation. */
const shapes = (): Record<Name, Shape> =>
  (known ??= Object.fromEntries(names.map((name) => [name, shapeOf(name, schemas[name] as unknown as Schema<never>)])) as Record<Name, Shape>);

/** All collections of one simulated house, shared by its instances. */
export interface Store {
  collections: Record<Name, Collection>;
  nextId(): Types.ObjectId;
  /** Everything as it is now; the answer puts it back. */
  backup(): () => void;
  /** The server's own clock; the run sets it. */
  serverNow: () => Date;
  /** The database as one process reaches it. */
  through(wire: Wire): Db;
}

/** `unlike`: collections whose unique indexes are missing, for planted bugs. */
export function newStore(unlike: readonly Name[] = []): Store {
  let count = 0;
  const nextId = (): Types.ObjectId => new Types.ObjectId((++count).toString(16).padStart(24, '0'));
  const collections = Object.fromEntries(
    names.map((name) => [name, new Collection(shapes()[name], nextId, unlike.includes(name) ? [] : undefined)]),
  ) as Record<Name, Collection>;
  const store: Store = {
    collections,
    nextId,
    backup: () => {
      const copies = names.map((name) => [name, collections[name].snapshot()] as const);
      return () => copies.forEach(([name, rows]) => collections[name].restore(rows));
    },
    serverNow: () => new Date(0),
    through: (wire) => ({ conn: serverOf(wire), ...Object.fromEntries(names.map((name) => [name, fakeModel(collections[name], wire)])) }) as unknown as Db,
  };
  /** As much of a connection as the engine uses: the server's word on what time it is. */
  const serverOf = (wire: Wire) => {
    const command = () => wire({ collection: '$cmd', method: 'hello' }, () => told(store));
    return { db: { command, admin: () => ({ command }) } };
  };
  return store;
}

// eslint-disable-next-line require-yield
function* told(store: Store): Steps<{ ok: number; localTime: Date }> {
  return { ok: 1, localTime: store.serverNow() };
}
