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

/** Whether values of a type may contain others, and so may recur without end. */
export function isComposite(type: TypeIr, declarations: Declarations, depth = 0): boolean {
  if (["object", "array", "tuple", "map", "json"].includes(type.kind)) return true;
  // A chain of aliases of this length is a cycle.
  if (depth > 8) return true;
  return alternatives(type, declarations).some((part) => isComposite(part, declarations, depth + 1));
}
