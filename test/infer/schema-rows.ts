/** A JSON Schema whose keywords are not checked. */
export type Schema = Readonly<Record<string, unknown>>;

/** The schemas that references refer to. */
export interface Scope {
  readonly schemas?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/**
 * Lists the places of a schema with their types: `address.city` → `string, optional`. References are followed, so the
 * location of a shape does not matter. Documentation is left out.
 */
export function rowsOf(schema: Schema, scope: Scope): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  collect({ schema, path: "", isOptional: false }, { ...scope, ...(schema as Scope) }, rows);
  return rows;
}

interface Place {
  readonly schema: Schema;
  readonly path: string;
  readonly isOptional: boolean;
}

function collect({ schema, path, isOptional }: Place, scope: Scope, rows: Map<string, string>): void {
  // A recursive schema ends here.
  if (path.split(/[.[]/).length > 8) return;
  const parts = partsOf(schema, scope);
  const types = new Set(parts.flatMap(({ type }) => [type].flat()));
  const values = parts.flatMap((part) => (part["enum"] as readonly unknown[] | undefined) ?? []);
  const known = values.filter((value) => value !== null).map(String);
  const format = parts.map((part) => part["format"]).find((each) => each !== undefined);
  const isOpen = parts.some((part) => part["x-open-enum"] === true);
  const words = [
    [...types].sort().join(" or "),
    ...(typeof format === "string" ? [format] : []),
    ...(known.length > 0 ? [`${isOpen ? "open enum" : "enum"} ${known.sort().join("|")}`] : []),
    ...(isOptional ? ["optional"] : []),
  ];
  if (path !== "") rows.set(path, words.join(", "));
  for (const part of parts) {
    const required = (part["required"] ?? []) as readonly string[];
    for (const [name, inner] of Object.entries((part["properties"] ?? {}) as Record<string, Schema>)) {
      const place = path === "" ? name : `${path}.${name}`;
      collect({ schema: inner, path: place, isOptional: !required.includes(name) }, scope, rows);
    }
    const { items, additionalProperties: values } = part as { items?: Schema; additionalProperties?: Schema };
    if (items) collect({ schema: items, path: `${path}[*]`, isOptional: false }, scope, rows);
    if (values) collect({ schema: values, path: `${path}.*`, isOptional: false }, scope, rows);
  }
}

/** The alternatives of a schema, without references. */
function partsOf(schema: Schema, scope: Scope): readonly Schema[] {
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    const [, section, name] = ref.split("/") as [string, keyof Scope, string];
    return partsOf(scope[section]?.[name] ?? {}, scope);
  }
  const options = (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
  return options ? options.flatMap((option) => partsOf(option, scope)) : [schema];
}
