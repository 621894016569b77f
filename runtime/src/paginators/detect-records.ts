import { detectRecordsPath, toQuery } from "./detect.js";
import type { Position } from "../checkpoint.js";
import type { Paginator } from "./paginator.js";
import type { Path } from "../select/path.js";

/** The position: the detected path of the records, and the position of the paginator. */
interface DetectPosition {
  readonly path?: Path;
  readonly at: Position;
}

/**
 * Detects the path of the records in the first response of each read, uses it for all pages, and warns about it. Used
 * for resources without a selector; `paginator` does the paging.
 */
export function detectRecords(paginator: Paginator): Paginator {
  const read = (position: Position): DetectPosition => position as unknown as DetectPosition;
  return {
    type: "detect_records",
    options: { paginator },
    start: { at: paginator.start },
    select: (position, body) => pathOf(read(position).path, body),
    request: (position) => paginator.request(read(position).at),
    next: (position, exchange) => {
      const { path, at } = read(position);
      const step = paginator.next(at, exchange);
      const found = pathOf(path, exchange.body);
      return {
        ...step,
        // Without a body, the next response decides.
        next: step.next && { at: step.next, ...(exchange.body !== undefined && { path: found }) },
        warning: path || exchange.body == null ? step.warning : announce(found, step.warning),
      };
    },
  };
}

/** Returns the path of the records. A top-level list must remain one: an object instead may be an error, not a record. */
function pathOf(path: Path | undefined, body: unknown): Path {
  if (body == null) return [];
  if (path) return path;
  // A body without records fails like a selector without a match.
  return Array.isArray(body) ? ["[*]"] : (detectRecordsPath(body) ?? ["data"]);
}

function announce(path: Path, warning: string | undefined): string {
  const [first] = path;
  const where =
    first === "[*]"
      ? "the body is the list of records"
      : first === undefined
        ? "the body is one record"
        : `they are at ${toQuery(path)}`;
  const selector = first === "[*]" ? "$" : toQuery(path);
  const records = `the spec does not specify the records: ${where}; write "data_selector": "${selector}", or run \`connector-gen detect\``;
  return warning === undefined ? records : `${records}. ${warning}`;
}
