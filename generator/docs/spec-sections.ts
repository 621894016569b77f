import { specJsonSchema } from "../spec/grammar/json-schema.js";
import { anchorOf, code, either } from "./markdown.js";
import { hasKeys, nodesOf, printType, refOf, type SchemaNode, type TypeContext } from "./schema-type.js";

/** An object of the spec language with its keys. */
export interface SpecSection {
  /** Title such as `endpoint`, `response_actions[]` or `params.<name>`. */
  readonly title: string;
  readonly description: string;
  /** Path of such an object in a spec. A key that the author chooses is `name`. */
  readonly path: readonly (string | number)[];
  readonly keys: readonly SpecKey[];
  /** Examples of the whole object. */
  readonly examples: readonly unknown[];
}

/** A key of an object. */
export interface SpecKey {
  readonly key: string;
  /** Type as Markdown. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly default?: unknown;
  readonly description: string;
  readonly examples: readonly unknown[];
}

/** Links to definitions with pages of their own. */
const pages: Readonly<Record<string, string>> = {
  auth: "[auth scheme](auth.md)",
  paginator: "[paginator](paginators.md)",
  decoder: "[decoder](decoders.md)",
};

/** Titles of definitions that should not be named after a key. */
const titles: Readonly<Record<string, string>> = { jsonSchema: "JSON Schema" };

/** An object without a section per key, because its keys are those of a resource. */
const defaultsTitle = "resource_defaults";

/** An object in the schema. */
interface Found {
  readonly title: string;
  readonly path: SpecSection["path"];
  readonly node: SchemaNode;
  /** Description of the key that contains it. */
  readonly about?: unknown;
  /** The node of which this one is a branch, if its keys depend on `type`. */
  readonly whole?: SchemaNode;
}

type Resolve = (node: SchemaNode) => SchemaNode;

/** Lists the objects of the spec language, level by level from the spec itself. */
export function listSections(): readonly SpecSection[] {
  const schema = specJsonSchema();
  const definitions = schema["definitions"] as Readonly<Record<string, SchemaNode>>;
  const resolve: Resolve = (node) => {
    const name = refOf(node);
    return name === undefined ? node : resolve(definitions[name] ?? {});
  };
  const found: Found[] = [{ title: "The spec", path: [], node: schema }];
  for (const { title, path, node } of found) {
    if (title === defaultsTitle) continue;
    for (const [key, value] of propertiesOf(node)) {
      const candidate = { title: key, path: [...path, key], node: value, about: value["description"] };
      const inner = objectsIn(candidate, resolve);
      found.push(...inner.filter((one) => !found.some((other) => isSame(other.node, one.node))));
    }
  }
  const context: TypeContext = { link: (node) => linkTo(node, found, resolve) };
  return found.map((each) => toSection(each, context));
}

function isSame(a: SchemaNode, b: SchemaNode): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Returns the link to the page or the sections of an object, and `undefined` for other nodes. */
function linkTo(node: SchemaNode, found: readonly Found[], resolve: Resolve): string | undefined {
  const page = pages[refOf(node) ?? ""];
  if (page !== undefined) return page;
  const target = resolve(node);
  if (refOf(node) === undefined && !hasKeys(target)) return undefined;
  const choices = [target, ...nodesOf(target["anyOf"]).map(resolve)].filter(hasKeys);
  const matches = found
    .filter((one) => choices.some((choice) => isSame(one.whole ?? one.node, choice)))
    .map(({ title }) => title);
  return matches.length > 0
    ? either(matches.map((title) => `[${wordFor(title)}](#${anchorOf(title)})`))
    : undefined;
}

/** Returns the text of a link: a simple title, the `type` of a branch, or `object`. */
function wordFor(title: string): string {
  const [, branch] = / \((\w+)\)$/.exec(title) ?? [];
  if (branch !== undefined) return code(branch);
  if (Object.values(titles).includes(title)) return title;
  return /^\w+$/.test(title) ? code(title) : "object";
}

function propertiesOf(node: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  return Object.entries((node["properties"] ?? {}) as Readonly<Record<string, SchemaNode>>);
}

/** Returns the objects with keys that a value may be, or may contain at the first level. */
function objectsIn(candidate: Found, resolve: Resolve): readonly Found[] {
  const name = refOf(candidate.node) ?? "";
  if (pages[name] !== undefined) return [];
  const { path } = candidate;
  const title = titles[name] ?? candidate.title;
  const node = resolve(candidate.node);
  const resolved = { ...candidate, title, node };
  if (hasKeys(node)) return branchesOf(resolved);
  const inner = (more: Partial<Found>): readonly Found[] => objectsIn({ ...resolved, ...more }, resolve);
  const items = node["items"];
  const values = node["additionalProperties"];
  return [
    ...nodesOf(node["anyOf"]).flatMap((option) => inner({ node: option })),
    ...(isNode(items) ? inner({ title: `${title}[]`, path: [...path, indexIn(title)], node: items }) : []),
    ...(isNode(values) ? inner({ title: `${title}.<name>`, path: [...path, "name"], node: values }) : []),
  ];
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the index of an example. In the example specs, the first resource is a parent. */
function indexIn(title: string): number {
  return title === "resources" ? 1 : 0;
}

/** Splits an object whose keys depend on its `type` into one object per type. Omits types without keys. */
function branchesOf(object: Found): readonly Found[] {
  const descriptions = nodesOf(own(own(own(object.node, "properties"), "type"), "enumDescriptions"));
  const branches = nodesOf(object.node["allOf"]).flatMap((branch, index) => {
    const { then } = branch as { readonly then?: SchemaNode };
    const word = own(own(own(branch["if"], "properties"), "type"), "const");
    if (!then || typeof word !== "string" || propertiesOf(then).length < 2) return [];
    const node = {
      ...then,
      description: descriptions[index],
      properties: { ...(then["properties"] as SchemaNode), type: { const: word, description: "The type." } },
      required: ["type", ...nodesOf(then["required"])],
    };
    return [{ ...object, title: `${object.title} (${word})`, node, whole: object.node }];
  });
  return branches.length > 0 ? branches : [object];
}

function own(value: unknown, key: string): unknown {
  return isNode(value) ? value[key] : undefined;
}

function toSection({ title, path, node, about }: Found, context: TypeContext): SpecSection {
  const required = new Set(nodesOf(node["required"]) as readonly unknown[]);
  return {
    title,
    description: text(node["description"] ?? about),
    path,
    keys: propertiesOf(node).map(([key, value]) => ({
      key,
      type: printType(value, context),
      isRequired: required.has(key),
      ...(value["default"] !== undefined && { default: value["default"] }),
      description: text(value["description"]),
      examples: nodesOf(value["examples"]),
    })),
    examples: nodesOf(node["examples"]),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
