import type { EditRecords, Mock, SourceIr } from "connector-gen";

/** How the data of a mock API changes. */
export interface Changes {
  /** Every n-th record gets another text. */
  readonly updateEvery: number;
  /** Every n-th record disappears. */
  readonly removeEvery: number;
  /** Records that appear at the end. */
  readonly added: number;
}

/** A record of an API. */
export type Row = Readonly<Record<string, unknown>>;

/** Returns an edit of the records of every resource. */
export function changeRecords({ updateEvery, removeEvery, added }: Changes): EditRecords {
  return ({ count, record }) => {
    const kept = Array.from({ length: count + added }, (_, index) => index).filter(
      (index) => index >= count || index % removeEvery !== removeEvery - 1,
    );
    return {
      count: kept.length,
      record: (at) => {
        const index = kept[at] ?? at;
        const made = record(index);
        return index < count && index % updateEvery === 0 ? update(made as Row) : made;
      },
    } as ReturnType<EditRecords>;
  };
}

/** Changes the texts of a record that are neither keys nor times nor enum values. */
function update(record: Row): Row {
  const entries = Object.entries(record).map(([name, value]) => [
    name,
    /^(?:name|title|description|comment)$/.test(name) && typeof value === "string" ? `${value} (new)` : value,
  ]);
  return Object.fromEntries(entries) as Row;
}

/** Returns all records of a resource. */
export function recordsOf(mock: Mock, source: SourceIr, resource: string): readonly Row[] {
  const count = mock.expected(source.name, resource);
  return Array.from({ length: count }, (_, index) => mock.record(source.name, resource, index) as Row);
}
