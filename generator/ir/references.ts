import type { DeclarationIr, RulesIr, TypeIr } from "./source-ir.js";

/** Returns the names to which types refer. */
export function refsOf(types: readonly TypeIr[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of types) {
    visit(type, (found) => {
      if (found.kind === "ref") names.add(found.name);
      if (found.kind === "object" && found.base !== undefined) names.add(found.base);
    });
  }
  return names;
}

/** Returns the rules of types and of their parts. */
export function rulesIn(types: readonly TypeIr[]): readonly RulesIr[] {
  const rules: RulesIr[] = [];
  for (const type of types) {
    visit(type, (found) => {
      if (found.rules) rules.push(found.rules);
    });
  }
  return rules;
}

/** Returns the declarations to which types refer, directly or through others. */
export function reachable(
  declarations: readonly DeclarationIr[],
  roots: readonly TypeIr[],
): readonly DeclarationIr[] {
  const reached = new Set<DeclarationIr>();
  let types = roots;
  while (types.length > 0) {
    const names = refsOf(types);
    const next = declarations.filter((each) => names.has(each.name) && !reached.has(each));
    for (const each of next) reached.add(each);
    types = next.map(({ type }) => type);
  }
  return declarations.filter((each) => reached.has(each));
}

/** Replaces all references to one name in declarations by another name. */
export function renameRefs(
  declarations: readonly DeclarationIr[],
  from: string,
  to: string,
): readonly DeclarationIr[] {
  const rename = (type: TypeIr): TypeIr =>
    type.kind === "ref" ? (type.name === from ? { kind: "ref", name: to } : type) : mapParts(type, rename);
  return declarations.map((each) => ({ ...each, type: rename(each.type) }));
}

function visit(type: TypeIr, see: (type: TypeIr) => void): void {
  see(type);
  switch (type.kind) {
    case "array":
      visit(type.items, see);
      return;
    case "tuple":
      for (const item of type.items) visit(item, see);
      if (type.rest) visit(type.rest, see);
      return;
    case "map":
      visit(type.values, see);
      return;
    case "object":
      for (const field of type.fields) visit(field.type, see);
      if (type.additional) visit(type.additional, see);
      return;
    case "union":
      for (const option of type.options) visit(option, see);
      return;
    case "intersection":
      for (const part of type.parts) visit(part, see);
      return;
    default:
  }
}

/** Replaces each direct part of a type. */
export function mapParts(type: TypeIr, change: (part: TypeIr) => TypeIr): TypeIr {
  switch (type.kind) {
    case "array":
      return { ...type, items: change(type.items) };
    case "tuple":
      return { ...type, items: type.items.map(change), ...(type.rest && { rest: change(type.rest) }) };
    case "map":
      return { ...type, values: change(type.values) };
    case "object":
      return {
        ...type,
        fields: type.fields.map((field) => ({ ...field, type: change(field.type) })),
        ...(type.additional && { additional: change(type.additional) }),
      };
    case "union":
      return { ...type, options: type.options.map(change) };
    case "intersection":
      return { ...type, parts: type.parts.map(change) };
    default:
      return type;
  }
}
