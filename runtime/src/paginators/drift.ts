import { keyOf } from "../json.js";
import type { Drift, Exchange } from "./paginator.js";

/**
 * Detects that records moved between two pages: the page begins with records of the previous page, or the total changed.
 * The second argument contains the previous and the current total.
 */
export function findDrift(
  { records, previous, primaryKey }: Exchange,
  [earlierTotal, total]: readonly (number | undefined)[],
): Drift | undefined {
  const repeated = countRepeated(records, previous ?? [], primaryKey ?? []);
  const isChanged = earlierTotal !== undefined && total !== undefined && earlierTotal !== total;
  const signs = [
    repeated > 0 && `the page begins with ${repeated} records of the page before`,
    isChanged && `the total changed from ${earlierTotal} to ${total}`,
  ].filter(Boolean);
  if (!signs.length) return undefined;
  const message = `the data changed while it was read: ${signs.join(", and ")}; records may be missing or repeated`;
  return { repeated, ...(isChanged && { total, earlierTotal }), message };
}

function countRepeated(
  records: readonly unknown[],
  previous: readonly unknown[],
  names: readonly string[],
): number {
  if (keyOf(records[0], names) === undefined) return 0;
  const isOld = (record: unknown): boolean => {
    const [name = ""] = names;
    const first = at(record, name);
    const isSame = (old: unknown): boolean => names.every((each) => at(old, each) === at(record, each));
    // The first name alone distinguishes most records.
    return previous.some((old) => at(old, name) === first && isSame(old));
  };
  const fresh = records.findIndex((record) => !isOld(record));
  return fresh < 0 ? records.length : fresh;
}

function at(record: unknown, name: string): unknown {
  return (record as Readonly<Record<string, unknown>> | null)?.[name];
}
