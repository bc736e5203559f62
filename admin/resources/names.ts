import type { Ctx } from '../../src/context.js';

/** Names of agencies by code, read once per call. */
export async function agencyNames(ctx: Ctx): Promise<(code: string | null | undefined) => string> {
  const rows = await ctx.db.Agency.find({}, { code: 1, name: 1 }).lean().exec();
  const names = new Map(rows.map(({ code, name }) => [code, name]));
  return (code) => (code ? (names.get(code) ?? code) : '');
}

/** Names and posts of people by id. */
export async function peopleNames(ctx: Ctx, ids: readonly ({ toString(): string } | null | undefined)[]): Promise<(id: { toString(): string } | null | undefined) => { name: string; position: string; phone?: string } | undefined> {
  const wanted = [...new Set(ids.filter((id) => id != null).map(String))];
  const rows = wanted.length > 0 ? await ctx.db.Person.find({ _id: { $in: wanted } }, { name: 1, position: 1, phone: 1 }).lean().exec() : [];
  const people = new Map(rows.map((row) => [String(row._id), { name: row.name, position: row.position, ...(row.phone ? { phone: row.phone } : {}) }]));
  return (id) => (id ? people.get(String(id)) : undefined);
}
