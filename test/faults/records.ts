/** The format of a body. */
export type Format = "json" | "jsonl" | "csv";

/** A record of the scripted APIs, with values that a client could easily alter. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: number | string };

/** Returns `count` records with the ids `first`, `first` + 1, …; CSV has only texts. */
export function makeRows(count: number, format: Format = "json", first = 1): Row[] {
  return Array.from({ length: count }, (_, index) => makeRow(first + index, format));
}

/** Returns the record with an id. The same id gives the same record. */
export function makeRow(id: number, format: Format = "json"): Row {
  const texts = { name: `row ${id}, "ä\\/ ${id % 2 ? "😀" : "\u2028"}"`, note: `1e${id % 7} null\t;` };
  if (format === "csv") return { id: String(id), ...texts };
  const rest = { id, ...texts, ratio: id / 7, tags: [id % 2 === 0, null, {}], nested: { a: { b: [] } } };
  // An own property that an assignment would lose.
  return id % 3 ? rest : { ...rest, ["__proto__"]: { admin: true } };
}

/** Prints records and metadata as a body. Only JSON can contain the metadata. */
export function printBody(format: Format, rows: readonly unknown[], beside: object = {}): string {
  if (format === "json") return JSON.stringify({ items: rows, ...beside });
  if (format === "jsonl") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const quote = (text: unknown): string => `"${String(text).replaceAll('"', '""')}"`;
  const names = ["id", "name", "note"];
  const lines = [names, ...rows.map((row) => names.map((name) => (row as Row)[name]))];
  return lines.map((line) => `${line.map(quote).join(",")}\r\n`).join("");
}

/** The type of a format's bodies. */
export const contentTypes: Readonly<Record<Format, string>> = {
  json: "application/json",
  jsonl: "application/x-ndjson",
  csv: "text/csv",
};

/** How the records of a read differ from those of the server. */
export interface Difference {
  readonly lost: number;
  readonly doubled: number;
  readonly altered: number;
}

/** Compares two multisets of (key, canonical content). A record under an unknown key is an altered one. */
export function compareRecords(got: readonly unknown[], want: readonly unknown[]): Difference {
  const contents = new Map(want.map((row) => [keyOf(row), canonical(row)]));
  const seen = new Map<string, number>();
  let altered = 0;
  for (const row of got) {
    const key = keyOf(row);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (contents.get(key) !== canonical(row)) altered++;
  }
  const lost = [...contents.keys()].filter((key) => !seen.has(key)).length;
  const doubled = [...seen].reduce((sum, [key, count]) => sum + (contents.has(key) ? count - 1 : 0), 0);
  return { lost, doubled, altered };
}

function keyOf(row: unknown): string {
  const { id, of = "" } = Object(row) as { readonly id?: unknown; readonly of?: unknown };
  return `${JSON.stringify(of)} ${JSON.stringify(id)}`;
}

/** Prints a value with sorted keys. Own keys only: an inherited one is lost. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
