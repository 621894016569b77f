import type { DeclarationIr, FieldIr, SourceIr, TypeIr } from "../../ir/source-ir.js";

/** The declared types of a source by name. */
export type Declarations = ReadonlyMap<string, TypeIr>;

/** Collects what a source declares: shared types and those of its resources, as they are before their shaping. */
export function collectDeclarations(source: SourceIr): Declarations {
  const all: DeclarationIr[] = [
    ...source.shared,
    ...source.resources.flatMap((resource) => resource.declarations),
    ...source.resources.flatMap(({ served }) => served?.declarations ?? []),
  ];
  return new Map(all.map(({ name, type }) => [name, type]));
}

/** The type of a field, looked for through references, intersections and unions. */
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

/** The first number or string among a type's alternatives: what a key of this type can be. */
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

/** Whether values of a type may hold others, and so may go on without end. */
export function isComposite(type: TypeIr, declarations: Declarations, depth = 0): boolean {
  if (["object", "array", "tuple", "map", "json"].includes(type.kind)) return true;
  // A chain of aliases this long is a circle.
  if (depth > 8) return true;
  return alternatives(type, declarations).some((part) => isComposite(part, declarations, depth + 1));
}
