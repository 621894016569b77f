import { canonicalJson } from "../hash.js";
import { forEachSubschema, mapSubschemas } from "./json-schema-walk.js";
import type { JsonSchema, Spec, SpecResource } from "../spec.js";
import { isObject, own, type Raw } from "../values.js";

type Sources = Pick<Spec, "resources" | "schemas">;

/**
 * Moves nested objects whose title is the name of a type, such as `Address`, into `schemas` under that name. Equal
 * objects become one type. If different schemas have the same title, it names none of them, so the order of a spec does
 * not matter.
 */
export function shareTitled(
  resources: readonly SpecResource[],
  schemas: Readonly<Record<string, JsonSchema>>,
): Sources {
  const contents = new Map<string, Set<string>>();
  const roots = [
    ...Object.values(schemas),
    ...resources.flatMap(({ schema, inputs }) => [
      schema,
      ...inputs.map((input) => (input.in === "parent" ? undefined : input.schema)),
    ]),
  ];
  for (const root of roots) forEachNested(root, (schema) => addTo(contents, schema));
  for (const [name, schema] of Object.entries(schemas)) contents.get(name)?.add(canonicalJson(schema));
  const unique = new Set([...contents].filter(([, all]) => all.size === 1).map(([name]) => name));
  if (unique.size === 0) return { resources, schemas };
  const shared = new Map<string, unknown>();
  const replace = (part: unknown): unknown => {
    if (!isObject(part)) return part;
    const inner = mapSubschemas(part, replace);
    const name = nameOf(part);
    if (name === undefined || !unique.has(name)) return inner;
    if (!Object.hasOwn(schemas, name)) shared.set(name, inner);
    return { $ref: `#/schemas/${name}` };
  };
  const replaceIn = (root: JsonSchema): JsonSchema =>
    (isObject(root) ? mapSubschemas(root, replace) : root) as JsonSchema;
  const own = Object.entries(schemas).map(([name, schema]) => [name, replaceIn(schema)] as const);
  const changed = resources.map((resource) => ({
    ...resource,
    inputs: resource.inputs.map((input) =>
      input.in === "parent" ? input : { ...input, schema: replaceIn(input.schema) },
    ),
    ...(resource.schema !== undefined && { schema: replaceIn(resource.schema) }),
  }));
  return { resources: changed, schemas: Object.fromEntries([...own, ...shared]) as Spec["schemas"] };
}

function addTo(contents: Map<string, Set<string>>, schema: Raw): void {
  const name = nameOf(schema);
  if (name === undefined) return;
  contents.set(name, (contents.get(name) ?? new Set()).add(canonicalJson(schema)));
}

function forEachNested(root: unknown, visit: (schema: Raw) => void): void {
  if (!isObject(root)) return;
  forEachSubschema(root, (part) => {
    if (!isObject(part)) return;
    visit(part);
    forEachNested(part, visit);
  });
}

/**
 * Returns the type name of an object's title: `Postal address` → `PostalAddress`; `undefined` for sentences and single
 * fields.
 */
function nameOf(schema: Raw): string | undefined {
  const title = own(schema, "title");
  const properties = own(schema, "properties");
  if (typeof title !== "string" || !isObject(properties) || Object.keys(properties).length === 0)
    return undefined;
  if (!/^[A-Z][A-Za-z0-9]*(?: [A-Za-z0-9]+){0,2}$/.test(title)) return undefined;
  return title.replace(/ ([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
