import { Resource } from '@adminjs/mongoose';
import { BaseProperty, BaseRecord, ForbiddenError, type BaseResource, type Filter } from 'adminjs';
import type { Model } from 'mongoose';
import type { Actor } from '../../src/people/actor.js';
import { currentUser } from '../current.js';

/** A question to the database; parts are only ever joined by `$and`, so no filter can undo the scope. */
export type Query = Record<string, unknown>;

/** What the browser gets of one row: flat, already in words. `<name>Note` is a second line, `<name>Tone` a colour. */
export type Wire = Record<string, string | number | boolean | null>;

export interface Column {
  name: string;
  /** How the screen draws it; plain text without. "short" stays on one line, "name" leads the row and wraps, "long" may break anywhere. */
  as?: 'code' | 'name' | 'short' | 'long' | 'tag' | 'badge' | 'percent' | 'clamp';
  /** Stored path to sort by; absent: not sortable. */
  sort?: string;
  /** Shown in lists (default) or on the detail page only. */
  list?: boolean;
}

export interface FilterSpec {
  name: string;
  as: 'search' | 'choice' | 'agency' | 'day';
  /** Fixed choices: stored code and its words. */
  choices?: Readonly<Record<string, string>>;
  /** The question this value asks, or null for values that make no sense: then nothing is found. */
  where(value: string): Query | null | Promise<Query | null>;
}

/** One resource of the back office: what may be asked, who sees which rows, and what of a row leaves the house. */
export interface ResourceSpec<T> {
  id: string;
  model: Model<T>;
  /** Path of the identifier used in addresses: `code` where people know it. */
  key: '_id' | 'code' | 'on';
  title: string;
  columns: readonly Column[];
  filters: readonly FilterSpec[];
  sort: { by: string; direction: 'asc' | 'desc' };
  /** Its own order: what lies ahead (by this path, from the start of today) nearest first, then the rest newest first. */
  nearestFirst?: { path: string; from(): Date };
  /** Too many rows to sort: the order must be an index's own, without a tie-break. */
  large?: boolean;
  /** Rows this actor may read: a query, `{}` for all, null for none. */
  scope(actor: Actor): Query | null;
  /** Stored fields read at all; secrets are not among them. */
  select: string;
  present(rows: T[]): Promise<Wire[]> | Wire[];
}

interface FindOptions {
  limit?: number;
  offset?: number;
  sort?: { sortBy?: string; direction?: 'asc' | 'desc' };
}

/**
 * The only way AdminJS reads: list, detail, export, bulk and references all pass here. Rows are limited by who asks,
 * filters and sort orders to those named in the spec, and records are made by `present`, so a field nobody named cannot
 * leave. It writes nothing: changes are actions that call a use case.
 */
export class ScopedResource<T> extends Resource {
  readonly spec: ResourceSpec<T>;

  constructor(spec: ResourceSpec<T>) {
    super(spec.model as never);
    this.spec = spec;
  }

  override id(): string {
    return this.spec.id;
  }

  override properties(): never[] {
    const columns = this.spec.columns.map(({ name, sort }, position) => new BaseProperty({ path: name, isSortable: sort !== undefined, position }));
    return [new BaseProperty({ path: '_id', isId: true, isSortable: false, position: -1 }), ...columns] as never[];
  }

  override property(path: string): never {
    return ((this.properties() as BaseProperty[]).find((property) => property.path() === path) ?? null) as never;
  }

  override async count(filter: Filter): Promise<number> {
    const query = await this.queryFor(filter);
    if (!query) return 0;
    // Counting a million rows one by one would take longer than anybody waits for a list.
    return isEverything(query) ? this.spec.model.estimatedDocumentCount() : this.spec.model.countDocuments(query as never, { limit: COUNTED_TO });
  }

  override async find(filter: Filter, { limit = 20, offset = 0, sort }: FindOptions = {}): Promise<BaseRecord[]> {
    const query = await this.queryFor(filter);
    if (!query) return [];
    const own = !sort?.sortBy || (sort.sortBy === this.spec.sort.by && sort.direction === this.spec.sort.direction);
    return this.spec.nearestFirst && own ? this.readNearestFirst(query, this.spec.nearestFirst, { limit, offset }) : this.read(query, { limit, offset, sort });
  }

  private async readNearestFirst(query: Query, { path, from }: NonNullable<ResourceSpec<T>['nearestFirst']>, { limit, offset }: { limit: number; offset: number }): Promise<BaseRecord[]> {
    const [since, by] = [from(), { sortBy: this.spec.columns.find(({ sort }) => sort === path)?.name ?? path }];
    const [ahead, past] = [{ $and: [query, { [path]: { $gte: since } }] }, { $and: [query, { [path]: { $lt: since } }] }];
    const n = await this.spec.model.countDocuments(ahead as never, { limit: COUNTED_TO });
    const first = offset < n ? await this.read(ahead, { limit: Math.min(limit, n - offset), offset, sort: { ...by, direction: 'asc' } }) : [];
    const rest = limit - first.length;
    return rest > 0 ? [...first, ...(await this.read(past, { limit: rest, offset: Math.max(0, offset - n), sort: { ...by, direction: 'desc' } }))] : first;
  }

  override async findOne(id: string): Promise<BaseRecord> {
    const [record] = await this.findMany([id]);
    // AdminJS turns a missing record into "not found"; its own adapter would answer with an empty form.
    return (record ?? null) as unknown as BaseRecord;
  }

  override async findMany(ids: (string | number)[]): Promise<BaseRecord[]> {
    const wanted = ids.map(String).filter((id) => this.spec.key !== '_id' || /^[0-9a-f]{24}$/i.test(id));
    const scope = this.scope();
    if (!scope || wanted.length === 0) return [];
    return this.read({ $and: [scope, { [this.spec.key]: { $in: wanted } }] }, { limit: wanted.length, offset: 0 });
  }

  override async create(): Promise<never> {
    throw new ForbiddenError('forbiddenError');
  }

  override async update(): Promise<never> {
    throw new ForbiddenError('forbiddenError');
  }

  override async delete(): Promise<never> {
    throw new ForbiddenError('forbiddenError');
  }

  private scope(): Query | null {
    const user = currentUser();
    return user ? this.spec.scope(user.actor) : null;
  }

  private async queryFor(filter: Filter | undefined): Promise<Query | null> {
    const parts: (Query | null)[] = [this.scope()];
    for (const { path, value } of Object.values((filter?.filters ?? {}) as Record<string, { path: string; value: unknown }>)) {
      const known = this.spec.filters.find(({ name }) => name === path);
      if (!known || value === '') continue;
      parts.push(typeof value === 'string' && isAskable(value) ? await known.where(value) : null);
    }
    return parts.includes(null) ? null : { $and: parts as Query[] };
  }

  private async read(query: Query, { limit, offset, sort }: { limit: number; offset: number; sort?: FindOptions['sort'] }): Promise<BaseRecord[]> {
    const sorted = this.spec.columns.find(({ name }) => name === sort?.sortBy)?.sort;
    const by = sorted ? { [sorted]: sort?.direction === 'asc' ? 1 : -1 } : { [this.spec.sort.by]: this.spec.sort.direction === 'asc' ? 1 : -1 };
    const order = this.spec.large ? by : { ...by, _id: 1 };
    const rows = await this.spec.model
      .find(query as never)
      .select(this.spec.select)
      .sort(order as never)
      .skip(Math.max(0, offset))
      .limit(Math.min(limit, 100))
      .lean<T[]>()
      .exec();
    const wire = await this.spec.present(rows);
    const keyOf = (row: T) => String((row as Record<string, unknown>)[this.spec.key]);
    return rows.map((row, at) => new BaseRecord({ ...wire[at], _id: keyOf(row) }, this as unknown as BaseResource));
  }
}

/** A list longer than this is shown as so long: nobody turns to its end. */
const COUNTED_TO = 100_000;

const isEverything = (query: Query): boolean =>
  Object.entries(query).every(([name, parts]) => name === '$and' && Array.isArray(parts) && parts.every((part) => typeof part === 'object' && part !== null && isEverything(part as Query)));

/** No stored text holds a NUL, and a pattern with one is an error to the database. */
const isAskable = (value: string): boolean => value.length <= 200 && !value.includes('\0');
