import { compareRecords } from "./compare.js";
import type { Outcome } from "./outcome.js";
import { expectedOf, type Exchange, type Expected, type Vector, type VectorError } from "./vector.js";

/** Whether a config may, or must, be rejected when it is read. */
export function isRejectionExpected(vector: Vector): boolean {
  if (isUndecided(vector) || /may reject|should match or be rejected/.test(vector.notes ?? "")) return true;
  const reads = Object.values(expectedOf(vector));
  const runs = (vector.runs ?? []).map((run) => run.better ?? run);
  return [...reads, ...runs].some(({ error, requests }) => isShownByConfig(error, requests));
}

/** A mistake that dlt finds before its first request is in the config, however late it is found. */
function isShownByConfig(error: VectorError | null, requests: readonly number[]): boolean {
  if (!error) return false;
  return error.kind === "config" || error.kind === "selector" || requests.length === 0;
}

/** Whether the vector fixes no outcome: then both reading and rejecting are correct. */
export function isUndecided({ notes = "" }: Vector): boolean {
  return /\bno fixed outcome\b/.test(notes);
}

/** Whether an outcome that differs from the recorded one is also correct, according to the vector. */
export function isAlternative(vector: Vector, outcome: Outcome, expected: Expected): boolean {
  return (
    outcome.problems.length === 0 &&
    (isLoopEnded(outcome, expected) ||
      isLinkRefused(vector, outcome, expected) ||
      isTextStatusMatched(vector, outcome, expected))
  );
}

/** dlt requests the same page until the server returns another one; a client ends with an error. */
function isLoopEnded({ error, requests, records }: Outcome, expected: Expected): boolean {
  const repeated = expected.requests.findIndex((index, place) => index === expected.requests[place - 1]);
  const read = expected.records.slice(0, records.length);
  return (
    repeated > 0 &&
    error?.code === "PAGINATION_LOOP" &&
    requests.length >= repeated &&
    isPrefix(requests, expected.requests) &&
    compareRecords(records, read).length === 0
  );
}

/** D01: a link to another origin may be rejected instead of followed without credentials. */
function isLinkRefused(
  { deviation, exchanges }: Vector,
  { error, requests }: Outcome,
  expected: Expected,
): boolean {
  const isForeign = (exchange: Exchange | undefined): boolean => exchange?.request.origin !== undefined;
  const foreign = expected.requests.findIndex((index) => isForeign(exchanges?.[index]));
  return (
    deviation?.id === "D01" &&
    error !== undefined &&
    requests.length === foreign &&
    isPrefix(requests, expected.requests)
  );
}

/** D12: a status code as text should match. */
function isTextStatusMatched({ notes = "" }: Vector, outcome: Outcome, expected: Expected): boolean {
  return (
    notes.includes("should match or be rejected") &&
    !outcome.error &&
    compareRecords(outcome.records, expected.records).length === 0 &&
    outcome.requests.length === expected.requests.length
  );
}

function isPrefix(part: readonly number[], whole: readonly number[]): boolean {
  return part.length <= whole.length && part.every((index, place) => index === whole[place]);
}
