import { detectRecordsPath, toQuery } from "./detect.js";
import type { Position } from "../checkpoint.js";
import type { Paginator } from "./paginator.js";
import type { Path } from "../select/path.js";

/** The state of paging in which the place of the records was detected. */
interface DetectPosition {
  readonly path?: Path;
  readonly at: Position;
}

/**
 * Finds the records of a resource without a selector in the first response of each read, looks for those of the
 * following pages in the same place, and tells the reader. How the pages follow each other is `paginator`'s matter.
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
        // Where there is no body, the next one decides.
        next: step.next && { at: step.next, ...(exchange.body !== undefined && { path: found }) },
        warning: path || exchange.body == null ? step.warning : announce(found, step.warning),
      };
    },
  };
}

/** A list at the top must stay one: an object in its place is no record, but an error maybe. */
function pathOf(path: Path | undefined, body: unknown): Path {
  if (body == null) return [];
  if (path) return path;
  // What holds no records is refused as any selector refuses it.
  return Array.isArray(body) ? ["[*]"] : (detectRecordsPath(body) ?? ["data"]);
}

function announce(path: Path, warning: string | undefined): string {
  const [first] = path;
  const where =
    first === "[*]"
      ? "the body is the list"
      : first === undefined
        ? "the body is one record"
        : `found at ${toQuery(path)}`;
  const selector = first === "[*]" ? "$" : toQuery(path);
  const records = `the spec does not say where the records are: ${where}; write "data_selector": "${selector}", or run \`connector-gen detect\``;
  return warning === undefined ? records : `${records}. ${warning}`;
}
