import { allowOnly, refuse, type ApiModel, type Reply } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** A record in Airtable's format. */
export interface AirtableRecord {
  readonly id: string;
  readonly createdTime: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Records, each changed a minute after the previous one. Every other record has an empty field. */
export function airtableRecordsOf(count: number): readonly AirtableRecord[] {
  return rowsOf(count, (number) => ({
    id: `rec${String(number).padStart(14, "0")}`,
    createdTime: "2024-01-01T00:00:00.000Z",
    fields: {
      Name: `Name ${number}`,
      ...(number % 2 === 0 && { Notes: "text" }),
      "Last modified": minutesLater(number).replace("Z", ".000Z"),
    },
  }));
}

/** Airtable's Web API with one table. */
export function airtable(records: readonly AirtableRecord[]): ApiModel {
  const iterators: (readonly AirtableRecord[])[] = [];
  return {
    origin: "https://api.airtable.com",
    toError: (status, message) => ({
      error: { type: status === 401 ? "AUTHENTICATION_REQUIRED" : "INVALID_REQUEST_UNKNOWN", message },
    }),
    check: ({ headers }) => {
      if (headers.authorization !== "Bearer pat1") refuse(401, "Authentication required");
    },
    routes: {
      "GET /v0/appAAAAAAAAAAAAAA/Contacts": ({ query }) => {
        allowOnly(query, "pageSize", "offset", "filterByFormula", "sort[0][field]", "sort[0][direction]");
        if (query.get("sort[0][field]") !== "Last modified") refuse(422, "Unknown field name");
        const formula = query.get("filterByFormula") ?? "";
        const [, since] = /^NOT\(IS_BEFORE\(\{Last modified\}, '([^']+)'\)\)$/.exec(formula) ?? [];
        if (since === undefined) refuse(422, "The formula for filtering records is invalid");
        const found = records.filter(({ fields }) => String(fields["Last modified"]) >= since);
        return toPage(
          query,
          sortBy(found, ({ fields }) => String(fields["Last modified"])),
          iterators,
        );
      },
    },
  };
}

/** The first request starts an iterator over the records as they are now. */
function toPage(
  query: URLSearchParams,
  found: readonly AirtableRecord[],
  iterators: (readonly AirtableRecord[])[],
): Reply {
  const size = Number(query.get("pageSize") ?? 100);
  if (size > 100) refuse(422, "pageSize must be at most 100");
  const [, iterator = String(iterators.push(found) - 1), start = "0"] =
    /^itr(\d+)\/rec(\d+)$/.exec(query.get("offset") ?? "") ?? [];
  const rows = iterators[Number(iterator)] ?? refuse(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE");
  const end = Number(start) + size;
  const offset = `itr${iterator}/rec${end}`;
  return { body: { records: rows.slice(Number(start), end), ...(end < rows.length && { offset }) } };
}
