import type { Path, Report } from "../load/document.js";
import { forEachSubschema, SCHEMA_KEYWORDS } from "./json-schema-walk.js";
import { parseRef, resolveRef, type SchemaRef, type SchemaScope } from "./json-schema-refs.js";
import { isObject, own, type Raw } from "../values.js";
import { describe, didYouMean, editDistance, list, nearest, quote } from "../wording.js";

/** What the check of a schema needs to know. */
export interface SchemaCheck {
  readonly root: unknown;
  readonly scope: SchemaScope;
  readonly report: Report;
  /** Takes every schema of `schemas` that is referred to. */
  readonly onRef: (name: string) => void;
}

/** Reports what the grammar cannot see in a JSON Schema: unknown keywords and references that lead nowhere. */
export function checkSchema(schema: unknown, path: Path, check: SchemaCheck): void {
  if (!isObject(schema)) return;
  for (const keyword of Object.keys(schema)) {
    if (!SCHEMA_KEYWORDS.includes(keyword)) checkKeyword(keyword, path, check);
  }
  if (schema["$ref"] !== undefined) checkRef(schema["$ref"], [...path, "$ref"], check);
  forEachSubschema(schema, (part, way) => checkSchema(part, [...path, ...way], check));
}

function checkKeyword(keyword: string, path: Path, { root, report }: SchemaCheck): void {
  if (/^x-/i.test(keyword)) return;
  const meant = nearest(keyword, SCHEMA_KEYWORDS);
  const isSlip = meant !== undefined && editDistance(keyword, meant, 2) <= 2;
  const place = `in ${describe(root, path)}`;
  const message = isSlip
    ? `${quote(keyword)} is no JSON Schema keyword ${place}${didYouMean(keyword, SCHEMA_KEYWORDS)}`
    : `${quote(keyword)} is no JSON Schema keyword ${place}: it has no effect`;
  report({
    code: "unknown-keyword",
    message,
    path: [...path, keyword],
    at: "key",
    ...(!isSlip && { severity: "warning" }),
  });
}

function checkRef(value: unknown, path: Path, { scope, report, onRef }: SchemaCheck): void {
  if (typeof value !== "string") return;
  const ref = parseRef(value);
  if (ref && resolveRef(ref, scope) !== undefined) {
    if (ref.place === "schemas") onRef(ref.name);
    return;
  }
  const places = { schemas: Object.keys(scope.schemas), $defs: Object.keys(scope.defs) };
  const known = [...places.schemas, ...places.$defs];
  const choices = known.length > 0 ? `there are ${list(known)}` : 'there are no "schemas"';
  const meant = meantRef(ref?.name ?? value.split("/").at(-1) ?? "", places);
  // The schema that was meant is not one that nobody uses.
  if (meant?.place === "schemas") onRef(meant.name);
  const mend = meant ? `; did you mean ${quote(toRef(meant.place, meant.name))}?` : "";
  report({ code: "unknown-ref", message: `${quote(value)} leads to no schema: ${choices}${mend}`, path });
}

function meantRef(
  name: string,
  places: Readonly<Record<SchemaRef["place"], readonly string[]>>,
): SchemaRef | undefined {
  const shared = nearest(name, places.schemas);
  if (shared !== undefined) return { place: "schemas", name: shared };
  const local = nearest(name, places.$defs);
  return local === undefined ? undefined : { place: "$defs", name: local };
}

function toRef(place: SchemaRef["place"], name: string): string {
  return `#/${place}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Reports schemas that are nothing but themselves: `A` is `B`, and `B` is `A`. */
export function checkCircles(schemas: Raw, report: Report): void {
  const done = new Set<string>();
  for (const name of Object.keys(schemas)) {
    const circle = findCircle(name, schemas, done);
    if (!circle) continue;
    const message = `the schema ${quote(circle[0] ?? name)} consists of itself: ${list(circle)}`;
    report({ code: "circular-ref", message, path: ["schemas", circle[0] ?? name], at: "key" });
  }
}

/** Searches without recursion: a chain of references may be as long as the spec. */
function findCircle(start: string, schemas: Raw, done: Set<string>): string[] | undefined {
  const trail: { name: string; refs: string[] }[] = [];
  const enter = (name: string): void => {
    done.add(name);
    trail.push({ name, refs: directRefs(own(schemas, name)) });
  };
  if (!done.has(start)) enter(start);
  const open = new Set([start]);
  for (let last = trail.at(-1); last; last = trail.at(-1)) {
    const next = last.refs.shift();
    if (next === undefined) {
      open.delete(last.name);
      trail.pop();
    } else if (open.has(next)) {
      const names = trail.map((step) => step.name);
      return [...names.slice(names.indexOf(next)), next];
    } else if (!done.has(next)) {
      open.add(next);
      enter(next);
    }
  }
  return undefined;
}

/** The schemas that a value of this schema is itself, not only contains. */
function directRefs(schema: unknown): string[] {
  const ref = own(schema, "$ref");
  const parsed = typeof ref === "string" ? parseRef(ref) : undefined;
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => {
    const value = own(schema, keyword);
    return Array.isArray(value) ? value.flatMap(directRefs) : [];
  });
  return parsed?.place === "schemas" ? [parsed.name, ...parts] : parts;
}
