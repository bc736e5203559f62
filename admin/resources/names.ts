import type { Ctx } from '../../src/context.js';

interface Addressed {
  personId: { toString(): string } | null;
  data?: Readonly<Record<string, unknown>>;
}

/** Names of agencies by code, read once per call. */
export async function agencyNames(ctx: Ctx): Promise<(code: string | null | undefined) => string> {
  const rows = await ctx.db.Agency.find({}, { code: 1, name: 1 }).lean().exec();
  const names = new Map(rows.map(({ code, name }) => [code, name]));
  return (code) => (code ? (names.get(code) ?? code) : '');
}

/** Names of agencies for narrow places, by code: the short one where there is one. */
export async function shortAgencyNames(ctx: Ctx): Promise<(code: string) => string> {
  const rows = await ctx.db.Agency.find({}, { code: 1, name: 1, shortName: 1 }).lean().exec();
  const names = new Map(rows.map(({ code, name, shortName }) => [code, shortName ?? name]));
  return (code) => names.get(code) ?? code;
}

/** Names and posts of people by id. */
export async function peopleNames(ctx: Ctx, ids: readonly ({ toString(): string } | null | undefined)[]): Promise<(id: { toString(): string } | null | undefined) => { name: string; position: string; phone?: string } | undefined> {
  const wanted = [...new Set(ids.filter((id) => id != null).map(String))];
  const rows = wanted.length > 0 ? await ctx.db.Person.find({ _id: { $in: wanted } }, { name: 1, position: 1, phone: 1 }).lean().exec() : [];
  const people = new Map(rows.map((row) => [String(row._id), { name: row.name, position: row.position, ...(row.phone ? { phone: row.phone } : {}) }]));
  return (id) => (id ? people.get(String(id)) : undefined);
}

/** Whom each delivery went to: a person, an agency's mailbox, or a chat nobody is tied to. */
export async function receiverNames(ctx: Ctx, rows: readonly Addressed[]): Promise<(row: Addressed) => { person: string; personNote: string }> {
  const personOf = await peopleNames(ctx, rows.map(({ personId }) => personId));
  const nameOf = rows.some((row) => mailboxCode(row)) ? await agencyNames(ctx) : () => '';
  return (row) => {
    const known = personOf(row.personId);
    if (known) return { person: known.name, personNote: known.position };
    const code = mailboxCode(row);
    return code ? { person: nameOf(code), personNote: 'Hộp thư cơ quan' } : { person: 'Người chưa liên kết', personNote: '' };
  };
}

const mailboxCode = ({ personId, data }: Addressed): string | null => (personId === null && typeof data?.['agencyCode'] === 'string' ? data['agencyCode'] : null);
