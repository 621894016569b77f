import type { Path, Report } from "../load/document.js";
import { forEachSubschema, isSchemaKeyword, schemaKeywords } from "./json-schema-walk.js";
import { parseRef, resolveRef, type SchemaScope } from "./json-schema-refs.js";
import { warnAboutSchema } from "./schema-warnings.js";
import { isObject, objectOf, own, type Raw, textOf } from "../values.js";
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
  checkPart(schema, [...path], check);
}

/** Checks a schema and its subschemas. Reuses one path, because a copy for each schema would take most of the time. */
function checkPart(schema: unknown, path: (string | number)[], check: SchemaCheck): void {
  if (!isObject(schema)) return;
  for (const keyword of Object.keys(schema)) {
    if (!isSchemaKeyword(keyword)) checkKeyword(keyword, path, check);
  }
  for (const keyword of ["$ref", "$dynamicRef"])
    if (schema[keyword] !== undefined) checkRef(schema[keyword], [...path, keyword], check);
  warnAboutSchema(schema, path, check);
  if (path.length > 0 && schema !== check.scope.root) warnAboutIdentity(schema, path, check);
  const { length } = path;
  forEachSubschema(schema, (part, keyword, key) => {
    path.push(keyword);
    if (key !== undefined) path.push(key);
    checkPart(part, path, check);
    path.length = length;
  });
}

/** Warns about the `$id` of a part: references cannot lead to it, and are not relative to it. */
function warnAboutIdentity(schema: Raw, path: Path, { root, report }: SchemaCheck): void {
  if (typeof schema["$id"] !== "string") return;
  const message = `"$id" of a part has no effect in ${describe(root, path)}: refer to the part by its path, such as "#/$defs/Name"`;
  report({ severity: "warning", code: "nested-id", message, path: [...path, "$id"], at: "key" });
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
  const ref = parseRef(value, scope);
  if (ref && resolveRef(ref, scope) !== undefined) {
    if (ref.name !== undefined) onRef(ref.name);
    return;
  }
  const { known, ...sections } = namesIn(scope);
  const choices = known.length > 0 ? `valid schemas are ${list(known)}` : 'the spec has no "schemas"';
  const meant = meantRef(ref?.name ?? value.split(/[/#]/).at(-1) ?? "", sections);
  // A misspelt reference counts as a use, so the schema is not reported as unused as well.
  if (meant?.section === "schemas") onRef(meant.name);
  const copy = `; only schemas of the spec are read: copy this one into "schemas", and write "#/schemas/Name"`;
  const fix = meant ? `; did you mean ${quote(toRef(meant))}?` : value.startsWith("#") ? "" : copy;
  report({ code: "unknown-ref", message: `unknown schema ${quote(value)}: ${choices}${fix}`, path });
}

/** The location at which a named schema is defined. */
interface Definition {
  readonly section: "schemas" | "$defs" | "definitions";
  readonly name: string;
}

interface SchemaNames extends Readonly<Record<Definition["section"], readonly string[]>> {
  readonly known: readonly string[];
}

const namesByScope = new WeakMap<SchemaScope, SchemaNames>();

/** The names of all schemas in a scope. They are listed once: a spec may have thousands of them and of wrong references. */
function namesIn(scope: SchemaScope): SchemaNames {
  const listed = namesByScope.get(scope);
  if (listed) return listed;
  const sections = {
    schemas: Object.keys(scope.schemas),
    $defs: Object.keys(objectOf(own(scope.root, "$defs"))),
    definitions: Object.keys(objectOf(own(scope.root, "definitions"))),
  };
  const names = { ...sections, known: [...sections.schemas, ...sections.$defs, ...sections.definitions] };
  namesByScope.set(scope, names);
  return names;
}

function meantRef(
  name: string,
  sections: Readonly<Record<Definition["section"], readonly string[]>>,
): Definition | undefined {
  for (const section of ["schemas", "$defs", "definitions"] as const) {
    const meant = nearest(name, sections[section]);
    if (meant !== undefined) return { section, name: meant };
  }
  return undefined;
}

function toRef({ section, name }: Definition): string {
  return `#/${section}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Maximum length of a chain of schemas that are defined as each other: `A` is `B`, `B` is `C`. */
const maxChain = 16;
/** Maximum number of schemas to which the alternatives and parts of one schema lead, counted once per path. */
const maxWays = 100_000;

/**
 * Reports schemas that are defined as themselves (`A` is `B`, and `B` is `A`), and chains of such definitions that are
 * too long.
 */
export function checkCircles(schemas: Raw, report: Report): void {
  const done: Sizes = new Map();
  let isCircular = false;
  for (const name of Object.keys(schemas)) {
    const circle = findCircle(name, schemas, done);
    if (!circle) continue;
    isCircular = true;
    const message = `circular schema ${quote(circle[0] ?? name)}: ${list(circle)}; remove one of these references`;
    report({ code: "circular-ref", message, path: ["schemas", circle[0] ?? name], at: "key" });
  }
  if (!isCircular) checkChains(done, report);
}

/**
 * Reports the first schema with too long a chain, and the first with too many parts. Other schemas contain the same ones.
 */
function checkChains(sizes: Sizes, report: Report): void {
  const rows = [...sizes];
  const deep = rows.find(([, { chain }]) => chain > maxChain);
  const wide = rows.find(([, { ways }]) => ways > maxWays);
  const complain = ([name]: readonly [string, Size], what: string): void =>
    report({
      code: "too-deep",
      message: `the schema ${quote(name)} ${what}`,
      path: ["schemas", name],
      at: "key",
    });
  if (deep)
    complain(
      deep,
      `leads through more than ${maxChain} references to other schemas in a row: refer to the last one`,
    );
  else if (wide)
    complain(wide, `consists of more than ${maxWays} schemas by its references: remove some of them`);
}

/** The number of references in a row through which a schema leads, and the number of schemas of which it consists. */
interface Size {
  readonly chain: number;
  readonly ways: number;
}

type Sizes = Map<string, Size>;

/** Searches iteratively, because a chain of references can be as long as the spec. */
function findCircle(start: string, schemas: Raw, done: Sizes): string[] | undefined {
  const trail: { name: string; refs: string[]; next: number }[] = [];
  const enter = (name: string): void => {
    done.set(name, { chain: 0, ways: 1 });
    trail.push({ name, refs: directRefs(own(schemas, name)), next: 0 });
  };
  if (!done.has(start)) enter(start);
  const open = new Set([start]);
  for (let last = trail.at(-1); last; last = trail.at(-1)) {
    const next = last.refs[last.next++];
    if (next === undefined) {
      open.delete(last.name);
      done.set(last.name, sizeOf(last.refs, done));
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

function sizeOf(refs: readonly string[], sizes: Sizes): Size {
  let size: Size = { chain: 0, ways: 1 };
  for (const ref of refs) {
    const { chain, ways } = sizes.get(ref) ?? { chain: 0, ways: 1 };
    size = { chain: Math.max(size.chain, chain + 1), ways: size.ways + ways };
  }
  return size;
}

/** The schemas that every or some value of this schema matches as a whole, as opposed to schemas of its parts. */
function directRefs(schema: unknown): string[] {
  const ref = textOf(own(schema, "$ref"));
  const name = ref?.startsWith("#/schemas/") ? ref.slice("#/schemas/".length) : undefined;
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => {
    const value = own(schema, keyword);
    return Array.isArray(value) ? value.flatMap(directRefs) : [];
  });
  return name === undefined ? parts : [name, ...parts];
}
