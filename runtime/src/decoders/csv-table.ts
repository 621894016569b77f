import { notCsv, splitCsvRow } from "./csv-row.js";

/** Makes records of the rows of a CSV file. */
export interface CsvTable {
  /** Takes the next row, without its line feed. Throws a `Fault` for what is no row of this file. */
  readonly read: (row: string) => void;
  readonly records: () => readonly Readonly<Record<string, string>>[];
}

/** A table that has no rows yet; unless its columns are named, the first row names them. */
export function createCsvTable(delimiter: string, columns: readonly string[] | undefined): CsvTable {
  const records: Record<string, string>[] = [];
  let names = columns;
  let blank = toBlank(columns ?? []);
  let count = 0;
  return {
    read: (row) => {
      count++;
      // A copy: a part of a text keeps the whole of it in memory, here all that came with it.
      const text = ` ${row}`.slice(1, row.endsWith("\r") ? -1 : undefined);
      if (!text && names?.length !== 1) return;
      const fields = splitCsvRow(text, delimiter, `row ${count} of the body`);
      if (!names) {
        checkHeader(fields, count);
        names = fields;
        blank = toBlank(names);
      } else if (fields.length === names.length) {
        // The names are there already, so that `__proto__` is one like any other.
        const record = { ...blank };
        for (const [at, name] of names.entries()) record[name] = fields[at] ?? "";
        records.push(record);
      } else {
        const wanted = columns ? `\`columns\` names ${names.length}` : `the header has ${names.length}`;
        throw notCsv(`row ${count} of the body has ${fields.length} fields, but ${wanted}`);
      }
    },
    records: () => {
      if (names) return records;
      throw notCsv("the body is empty: not even a header");
    },
  };
}

function toBlank(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

function checkHeader(names: readonly string[], row: number): void {
  const header = `the header of the body (row ${row})`;
  if (/^\s*<(!|\?xml|html)/i.test(names[0] ?? "")) throw notCsv(`${header} is not CSV but HTML or XML`);
  const mend = "name the columns in `columns` if the first line holds none";
  if (names.includes("")) throw notCsv(`${header} has no name for column ${names.indexOf("") + 1}; ${mend}`);
  const twice = names.findIndex((name, at) => names.indexOf(name) < at);
  if (twice >= 0)
    throw notCsv(
      `${header} has one name for columns ${names.indexOf(names[twice] ?? "") + 1} and ${twice + 1}; ${mend}`,
    );
}
