import type { LoadIr, TypeIr } from "./source-ir.js";
import type { Declared } from "./type-paths.js";

/**
 * Returns the load hints of a resource: those of the spec, and the types that the values of its fields do not show.
 * Without a schema (no `record`), texts may be timestamps.
 */
export function buildLoad(
  hints: object | undefined,
  record: TypeIr | undefined,
  declared: Declared,
): LoadIr | undefined {
  if (!record) return { ...(hints as LoadIr | undefined), detectTimestamps: true };
  const types: Record<string, string[]> = {};
  collect(record, "", {
    ...startWalk(declared),
    typeOf: columnType,
    add: (type, path) => (types[type] ??= []).push(path),
  });
  if (Object.keys(types).length === 0) return hints && { ...(hints as LoadIr) };
  return { ...(hints as LoadIr | undefined), types };
}

/** Returns the type of every column that a record type describes, by path, in the order of its fields. */
export function describeColumns(record: TypeIr, declared: Declared): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  collect(record, "", {
    ...startWalk(declared),
    add: (type, path) => void types.set(path, type),
    typeOf: (type) => columnType(type) ?? plainType(type),
  });
  return types;
}

/** Returns the description of every field of a record type, by path. */
export function describeFields(record: TypeIr, declared: Declared): ReadonlyMap<string, string> {
  const descriptions = new Map<string, string>();
  collect(record, "", {
    ...startWalk(declared),
    add: () => undefined,
    typeOf: (type) => columnType(type) ?? plainType(type),
    describe: (text, path) => void descriptions.set(path, text),
  });
  return descriptions;
}

/**
 * Maximum number of nested references, and of types that are read. Beyond these limits, values determine the types of
 * columns.
 */
const limits = { references: 30, types: 20_000 };

/** A walk through a record type. */
interface Walk {
  /** Returns the type of a column; `undefined` for columns to leave out. */
  readonly typeOf: (type: TypeIr) => string | undefined;
  /** The enclosing declarations. They end the recursion of a type that contains itself. */
  readonly seen: readonly string[];
  readonly declared: Declared;
  readonly add: (type: string, path: string) => void;
  /** Called with the descriptions of fields. */
  readonly describe?: (text: string, path: string) => void;
  /** Number of types read so far. */
  readonly progress: { types: number };
}

function startWalk(declared: Declared): Pick<Walk, "seen" | "declared" | "progress"> {
  return { seen: [], declared, progress: { types: 0 } };
}

function collect(type: TypeIr, path: string, walk: Walk): void {
  const { seen, declared, progress } = walk;
  if (seen.length > limits.references || ++progress.types > limits.types) return;
  switch (type.kind) {
    case "object": {
      const base = type.base === undefined ? undefined : declared(type.base);
      if (base) collect(base, path, walk);
      for (const { name, description, type: inner } of type.fields) {
        const place = path ? `${path}.${name}` : name;
        if (description) walk.describe?.(description, place);
        collect(inner, place, walk);
      }
      return;
    }
    case "array":
      collectItems(type.items, `${path}[]`, walk);
      return;
    case "union": {
      const options = type.options.filter(({ kind }) => kind !== "null");
      const [only] = options;
      if (only && options.length === 1) collect(only, path, walk);
      return;
    }
    case "intersection":
      for (const part of type.parts) collect(part, path, walk);
      return;
    case "ref": {
      const target = seen.includes(type.name) ? undefined : declared(type.name);
      if (target) collect(target, path, { ...walk, seen: [...seen, type.name] });
      return;
    }
    default: {
      const column = walk.typeOf(type);
      if (column !== undefined && path !== "") walk.add(column, path);
    }
  }
}

/** Collects the columns of a list. Items that are not objects are in the column `value` of their child table. */
function collectItems(items: TypeIr, path: string, walk: Walk): void {
  const isScalar = walk.typeOf(items) !== undefined;
  collect(items, isScalar ? `${path}.value` : path, walk);
}

const formats: Readonly<Record<string, string>> = {
  "date-time": "timestamp",
  date: "date",
  time: "time",
  decimal: "decimal",
};

/** Returns the type of a column that its values do not show; `undefined` for other columns. */
function columnType(type: TypeIr): string | undefined {
  if (type.kind === "number") return type.integer ? undefined : "double";
  return type.kind === "string" && type.format !== undefined ? formats[type.format] : undefined;
}

/** Returns the type that the values of a column show; `undefined` if it is unknown. */
function plainType(type: TypeIr): string | undefined {
  switch (type.kind) {
    case "number":
      return "bigint";
    case "boolean":
      return "bool";
    case "string":
      return "text";
    case "enum":
      return typeof type.values[0] === "string" ? "text" : undefined;
    default:
      return undefined;
  }
}
