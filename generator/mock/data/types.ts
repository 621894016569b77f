import type { DeclarationIr, FieldIr, SourceIr, TypeIr } from "../../ir/source-ir.js";

/** Declared types of a source by name. */
export type Declarations = ReadonlyMap<string, TypeIr>;

/** Collects the declared types of a source: shared types and those of its resources, including the types before shaping. */
export function collectDeclarations(source: SourceIr): Declarations {
  const all: DeclarationIr[] = [
    ...source.shared,
    ...source.resources.flatMap((resource) => resource.declarations),
    ...source.resources.flatMap(({ served }) => served?.declarations ?? []),
  ];
  return new Map(all.map(({ name, type }) => [name, type]));
}

/** Finds the type of a field through references, intersections and unions. */
export function findField(type: TypeIr, name: string, declarations: Declarations): TypeIr | undefined {
  return fieldsOf(type, declarations, new Set()).find((field) => field.name === name)?.type;
}

function fieldsOf(type: TypeIr, declarations: Declarations, seen: Set<TypeIr>): readonly FieldIr[] {
  if (seen.has(type)) return [];
  seen.add(type);
  const within = (parts: readonly TypeIr[]): readonly FieldIr[] =>
    parts.flatMap((part) => fieldsOf(part, declarations, seen));
  switch (type.kind) {
    case "object":
      return type.fields;
    case "ref":
      return within([declarations.get(type.name)].filter((found) => found !== undefined));
    case "union":
      return within(type.options);
    case "intersection":
      return within(type.parts);
    default:
      return [];
  }
}

/** Finds the first number or string type among the alternatives of a type, as the type of a key. */
export function findKeyType(type: TypeIr, declarations: Declarations, depth = 0): TypeIr | undefined {
  if (type.kind === "number" || type.kind === "string") return type;
  if (depth > 8) return undefined;
  const parts = alternatives(type, declarations);
  for (const part of parts) {
    const found = findKeyType(part, declarations, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function alternatives(type: TypeIr, declarations: Declarations): readonly TypeIr[] {
  if (type.kind === "union") return type.options;
  if (type.kind === "intersection") return type.parts;
  const declared = type.kind === "ref" ? declarations.get(type.name) : undefined;
  return declared ? [declared] : [];
}

/** The least number of objects and lists in a value of each declared type; infinite if no value ends. */
export type Heights = ReadonlyMap<string, number>;

/** Computes the heights of all declared types. */
export function heightsOf(declarations: Declarations): Heights {
  const heights = new Map([...declarations.keys()].map((name) => [name, Infinity]));
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const [name, type] of declarations) {
      const height = heightOf(type, heights);
      isChanged ||= height < (heights.get(name) ?? 0);
      heights.set(name, height);
    }
  }
  return heights;
}

/** Returns the least depth to which values of a type are nested. */
export function heightOf(type: TypeIr, heights: Heights): number {
  const tallest = (types: readonly TypeIr[]): number =>
    Math.max(0, ...types.map((each) => heightOf(each, heights)));
  switch (type.kind) {
    case "object":
      return Math.max(
        1 + tallest(type.fields.filter(({ required }) => required).map((field) => field.type)),
        type.base === undefined ? 0 : (heights.get(type.base) ?? 1),
      );
    case "array":
      return Number(type.rules?.["minItems"] ?? 0) > 0 ? 1 + heightOf(type.items, heights) : 1;
    case "map":
    case "json":
      return 1;
    case "tuple":
      return 1 + tallest(type.items.slice(0, type.required));
    case "union":
      return Math.min(...type.options.map((option) => heightOf(option, heights)));
    case "intersection":
      return tallest(type.parts);
    case "ref":
      return heights.get(type.name) ?? 1;
    default:
      return 0;
  }
}

/** Whether values of a type may contain others, and so may recur without end. */
export function isComposite(type: TypeIr, declarations: Declarations, depth = 0): boolean {
  if (["object", "array", "tuple", "map", "json"].includes(type.kind)) return true;
  // A chain of aliases of this length is a cycle.
  if (depth > 8) return true;
  return alternatives(type, declarations).some((part) => isComposite(part, declarations, depth + 1));
}
