import type { Path, Report } from "../load/document.js";
import { forEachSubschema, schemaKeywords } from "./json-schema-walk.js";
import { parseRef, resolveRef, type SchemaRef, type SchemaScope } from "./json-schema-refs.js";
import { isObject, own, type Raw } from "../values.js";
import { describe, didYouMean, editDistance, list, nearest, quote } from "../wording.js";

/** The context of a schema check. */
export interface SchemaCheck {
  readonly root: unknown;
  readonly scope: SchemaScope;
  readonly report: Report;
  /** Called with the name of every schema of `schemas` that a `$ref` refers to. */
  readonly onRef: (name: string) => void;
}

/** Reports the problems of a JSON Schema that the grammar does not cover: unknown keywords and references. */
export function checkSchema(schema: unknown, path: Path, check: SchemaCheck): void {
  if (!isObject(schema)) return;
  for (const keyword of Object.keys(schema)) {
    if (!schemaKeywords.includes(keyword)) checkKeyword(keyword, path, check);
  }
  if (schema["$ref"] !== undefined) checkRef(schema["$ref"], [...path, "$ref"], check);
  forEachSubschema(schema, (part, subpath) => checkSchema(part, [...path, ...subpath], check));
}

function checkKeyword(keyword: string, path: Path, { root, report }: SchemaCheck): void {
  if (/^x-/i.test(keyword)) return;
  const meant = nearest(keyword, schemaKeywords);
  const isMisspelt = meant !== undefined && editDistance(keyword, meant, 2) <= 2;
  const fix = isMisspelt ? didYouMean(keyword, schemaKeywords) : ": it has no effect; remove it";
  const message = `unknown JSON Schema keyword ${quote(keyword)} in ${describe(root, path)}${fix}`;
  report({
    code: "unknown-keyword",
    message,
    path: [...path, keyword],
    at: "key",
    ...(!isMisspelt && { severity: "warning" }),
  });
}

function checkRef(value: unknown, path: Path, { scope, report, onRef }: SchemaCheck): void {
  if (typeof value !== "string") return;
  const ref = parseRef(value);
  if (ref && resolveRef(ref, scope) !== undefined) {
    if (ref.section === "schemas") onRef(ref.name);
    return;
  }
  const sections = { schemas: Object.keys(scope.schemas), $defs: Object.keys(scope.defs) };
  const known = [...sections.schemas, ...sections.$defs];
  const choices = known.length > 0 ? `valid schemas are ${list(known)}` : 'the spec has no "schemas"';
  const meant = meantRef(ref?.name ?? value.split("/").at(-1) ?? "", sections);
  // A misspelt reference counts as a use: the schema must not be reported as unused as well.
  if (meant?.section === "schemas") onRef(meant.name);
  const fix = meant ? `; did you mean ${quote(toRef(meant))}?` : "";
  report({ code: "unknown-ref", message: `unknown schema ${quote(value)}: ${choices}${fix}`, path });
}

function meantRef(
  name: string,
  sections: Readonly<Record<SchemaRef["section"], readonly string[]>>,
): SchemaRef | undefined {
  const shared = nearest(name, sections.schemas);
  if (shared !== undefined) return { section: "schemas", name: shared };
  const local = nearest(name, sections.$defs);
  return local === undefined ? undefined : { section: "$defs", name: local };
}

function toRef({ section, name }: SchemaRef): string {
  return `#/${section}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Reports schemas that are defined as themselves: `A` is `B`, and `B` is `A`. */
export function checkCircles(schemas: Raw, report: Report): void {
  const done = new Set<string>();
  for (const name of Object.keys(schemas)) {
    const circle = findCircle(name, schemas, done);
    if (!circle) continue;
    const message = `circular schema ${quote(circle[0] ?? name)}: ${list(circle)}; remove one of these references`;
    report({ code: "circular-ref", message, path: ["schemas", circle[0] ?? name], at: "key" });
  }
}

/** Searches iteratively: a chain of references can be as long as the spec. */
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

/** The schemas that every or some value of this schema matches as a whole, as opposed to schemas of its parts. */
function directRefs(schema: unknown): string[] {
  const ref = own(schema, "$ref");
  const parsed = typeof ref === "string" ? parseRef(ref) : undefined;
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => {
    const value = own(schema, keyword);
    return Array.isArray(value) ? value.flatMap(directRefs) : [];
  });
  return parsed?.section === "schemas" ? [parsed.name, ...parts] : parts;
}
