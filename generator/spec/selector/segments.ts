import type { QuerySegment } from "@connector-gen/runtime/kinds";

/** The segment of a name. Names that look like the wildcards of the query language are wrapped in `name`. */
export function nameSegment(name: string): QuerySegment {
  return name === "[*]" || name === ".*" ? { name } : name;
}

/** The segment of a slice. Trailing defaults are omitted, and `[:]` becomes `[*]`. */
export function sliceSegment(
  start: number | undefined,
  end: number | undefined,
  step: number | undefined,
): QuerySegment {
  if ((start ?? 0) === 0 && end === undefined && (step ?? 1) === 1) return "[*]";
  const from = start ?? null;
  if (step !== undefined && step !== 1) return { slice: [from, end ?? null, step] };
  return { slice: end === undefined ? [from] : [from, end] };
}

/** The union of several segments or paths, in order. */
export function unionSegment(parts: readonly (readonly QuerySegment[])[]): QuerySegment {
  const union = parts.flatMap((part) => {
    const [first, ...rest] = part;
    if (first === undefined || rest.length > 0) return [part];
    return typeof first === "object" && "union" in first ? first.union : [first];
  });
  const [only] = union;
  return union.length === 1 && only !== undefined && !Array.isArray(only)
    ? (only as QuerySegment)
    : { union };
}

/** Applies the first segment of a path to a value and all its descendants, and the others to the matches. */
export function descend([first, ...rest]: readonly QuerySegment[]): readonly QuerySegment[] {
  return [{ descend: first ?? { union: [[]] } }, ...rest];
}

/** The path of the parents of all matches; `undefined` if the path has no child segment. */
export function parentsOf(path: readonly QuerySegment[]): readonly QuerySegment[] | undefined {
  const before = [...path];
  const last: QuerySegment[] = [];
  // A parent segment goes down and up again: the segment before it decides.
  let isDown = false;
  while (!isDown) {
    const segment = before.pop();
    if (segment === undefined) return undefined;
    last.unshift(segment);
    isDown = typeof segment !== "object" || !("parent" in segment);
  }
  const [top] = last;
  if (typeof top !== "object" || "name" in top || "slice" in top || "where" in top) {
    return [...before, { parent: last }];
  }
  if (last.length > 1) return undefined;
  if ("union" in top) {
    const parts = top.union.map((part) => parentsOf(toPath(part)));
    return parts.includes(undefined) ? undefined : [...before, unionSegment(parts.filter((part) => !!part))];
  }
  const inner = "descend" in top ? parentsOf([top.descend]) : undefined;
  return inner && [...before, ...descend(inner)];
}

function toPath(part: QuerySegment | readonly QuerySegment[]): readonly QuerySegment[] {
  return Array.isArray(part) ? (part as readonly QuerySegment[]) : [part as QuerySegment];
}

/** Whether a segment has at most one match. */
export function isSingular(segment: QuerySegment): boolean {
  if (segment === "[*]" || segment === ".*") return false;
  if (typeof segment !== "object" || "name" in segment || "sort" in segment) return true;
  return "parent" in segment && segment.parent.every(isSingular);
}

/** Prints segments: as a normalised RFC 9535 query if they are names, indexes and `[*]`, otherwise as JSON. */
export function printSegments(segments: readonly QuerySegment[]): string {
  return isPath(segments) ? `$${segments.map(printStep).join("")}` : JSON.stringify(segments);
}

/** Whether all segments are names, indexes and `[*]`. */
export function isPath(segments: readonly QuerySegment[]): segments is readonly (string | number)[] {
  return segments.every(isStep);
}

function isStep(segment: QuerySegment): segment is string | number {
  return typeof segment !== "object" && segment !== ".*";
}

function printStep(step: string | number): string {
  if (step === "[*]") return step;
  if (typeof step === "number") return `[${step}]`;
  return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${escapeName(step)}']`;
}

function escapeName(name: string): string {
  return name
    .replaceAll(/[\\']/g, String.raw`\$&`)
    .replaceAll(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
