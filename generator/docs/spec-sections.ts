import { specJsonSchema } from "../spec/grammar/json-schema.js";
import { anchorOf, code, either } from "./markdown.js";
import { hasKeys, nodesOf, printType, refOf, type SchemaNode, type TypeContext } from "./schema-type.js";

/** An object of the spec language with its keys. */
export interface SpecSection {
  /** `endpoint`, `response_actions[]`, `params.<name>`. */
  readonly title: string;
  readonly description: string;
  /** Where such an object stands in a spec; names of the author's choosing are `name`. */
  readonly path: readonly (string | number)[];
  readonly keys: readonly SpecKey[];
  /** Values for the whole object. */
  readonly examples: readonly unknown[];
}

/** One key of such an object. */
export interface SpecKey {
  readonly key: string;
  /** Markdown. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly default?: unknown;
  readonly description: string;
  readonly examples: readonly unknown[];
}

/** Definitions that have pages of their own. */
const PAGES: Readonly<Record<string, string>> = {
  auth: "[auth scheme](auth.md)",
  paginator: "[paginator](paginators.md)",
  decoder: "[decoder](decoders.md)",
};

/** Definitions that have a better name than the first key that leads to them. */
const NAMES: Readonly<Record<string, string>> = { jsonSchema: "JSON Schema" };

/** An object whose keys are told elsewhere: those of a resource. */
const DEFAULTS = "resource_defaults";

/** An object that was found in the schema. */
interface Found {
  readonly title: string;
  readonly path: SpecSection["path"];
  readonly node: SchemaNode;
  /** What the key says that leads to it. */
  readonly about?: unknown;
  /** The node that has this one as a branch: its keys depend on its `type`. */
  readonly whole?: SchemaNode;
}

type Resolve = (node: SchemaNode) => SchemaNode;

/** Lists the objects of the spec language, the spec itself first, then level by level. */
export function listSections(): readonly SpecSection[] {
  const schema = specJsonSchema();
  const definitions = schema["definitions"] as Readonly<Record<string, SchemaNode>>;
  const resolve: Resolve = (node) => {
    const name = refOf(node);
    return name === undefined ? node : resolve(definitions[name] ?? {});
  };
  const found: Found[] = [{ title: "The spec", path: [], node: schema }];
  for (const { title, path, node } of found) {
    if (title === DEFAULTS) continue;
    for (const [key, value] of propertiesOf(node)) {
      const place = { title: key, path: [...path, key], node: value, about: value["description"] };
      const inner = objectsIn(place, resolve);
      found.push(...inner.filter((one) => !found.some((other) => isSame(other.node, one.node))));
    }
  }
  const context: TypeContext = { link: (node) => linkTo(node, found, resolve) };
  return found.map((each) => toSection(each, context));
}

function isSame(a: SchemaNode, b: SchemaNode): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The link to the page or sections of an object; nothing for what is not one. */
function linkTo(node: SchemaNode, found: readonly Found[], resolve: Resolve): string | undefined {
  const page = PAGES[refOf(node) ?? ""];
  if (page !== undefined) return page;
  const target = resolve(node);
  if (refOf(node) === undefined && !hasKeys(target)) return undefined;
  const choices = [target, ...nodesOf(target["anyOf"]).map(resolve)].filter(hasKeys);
  const titles = found
    .filter((one) => choices.some((choice) => isSame(one.whole ?? one.node, choice)))
    .map(({ title }) => title);
  return titles.length > 0
    ? either(titles.map((title) => `[${wordFor(title)}](#${anchorOf(title)})`))
    : undefined;
}

/** `endpoint` for the endpoint, `input` for a branch, `object` for what has no word of its own. */
function wordFor(title: string): string {
  const [, branch] = / \((\w+)\)$/.exec(title) ?? [];
  if (branch !== undefined) return code(branch);
  if (Object.values(NAMES).includes(title)) return title;
  return /^\w+$/.test(title) ? code(title) : "object";
}

function propertiesOf(node: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  return Object.entries((node["properties"] ?? {}) as Readonly<Record<string, SchemaNode>>);
}

/** The objects with keys that a value may be, or hold at the first level. */
function objectsIn(place: Found, resolve: Resolve): readonly Found[] {
  const name = refOf(place.node) ?? "";
  if (PAGES[name] !== undefined) return [];
  const { path } = place;
  const title = NAMES[name] ?? place.title;
  const node = resolve(place.node);
  const here = { ...place, title, node };
  if (hasKeys(node)) return branchesOf(here);
  const inner = (more: Partial<Found>): readonly Found[] => objectsIn({ ...here, ...more }, resolve);
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

/** The first resource of the examples' spec is a parent; theirs is the second. */
function indexIn(title: string): number {
  return title === "resources" ? 1 : 0;
}

/** An object whose keys depend on its `type` is one object per type; types without keys need no words. */
function branchesOf(place: Found): readonly Found[] {
  const descriptions = nodesOf(own(own(own(place.node, "properties"), "type"), "enumDescriptions"));
  const branches = nodesOf(place.node["allOf"]).flatMap((branch, index) => {
    const { then } = branch as { readonly then?: SchemaNode };
    const word = own(own(own(branch["if"], "properties"), "type"), "const");
    if (!then || typeof word !== "string" || propertiesOf(then).length < 2) return [];
    const node = {
      ...then,
      description: descriptions[index],
      properties: { ...(then["properties"] as SchemaNode), type: { const: word, description: "The type." } },
      required: ["type", ...nodesOf(then["required"])],
    };
    return [{ ...place, title: `${place.title} (${word})`, node, whole: place.node }];
  });
  return branches.length > 0 ? branches : [place];
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
