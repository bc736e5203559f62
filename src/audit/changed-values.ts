const plain = (value: unknown): string => JSON.stringify(value ?? null);

/**
 * Old and new values of what a change really changed, for the record; nothing where it changed nothing. `asked`: the fields the
 * change named. Without `before` (it was done earlier, by the same cause) all that was asked for counts as changed.
 */
export function changedValues<Row extends object, Name extends keyof Row & string>(
  { names, asked }: { names: readonly Name[]; asked: object },
  before: Row | undefined,
  after: Row,
): { before: Record<string, unknown> | null; after: Record<string, unknown> } | null {
  const changed = names.filter((name) => name in asked && (!before || plain(before[name]) !== plain(after[name])));
  const valuesOf = (row: Row): Record<string, unknown> => Object.fromEntries(changed.map((name) => [name, row[name] ?? null]));
  return changed.length > 0 ? { before: before ? valuesOf(before) : null, after: valuesOf(after) } : null;
}
