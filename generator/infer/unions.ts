import { countOf, type Observation, type Variants } from "./observation.js";

/** Minimum number of objects that show a variant. */
const minObjects = 3;

/**
 * Returns the variants of objects if these are a union: the text of the tag decides which fields an object has. A field that
 * is missing at random does not make a union.
 */
export function variantsOf(seen: Observation): Variants | undefined {
  const { variants } = seen;
  if (!variants || variants.byText.size < 2 || seen.isCut || seen.entries) return undefined;
  const all = [...variants.byText.values()];
  if (all.some((variant) => objectsOf(variant) < minObjects || variant.entries)) return undefined;
  const optional = optionalOf(seen);
  if (optional.length === 0) return undefined;
  // Requires that each optional field belongs to some of the variants, and that each variant has a field of its own.
  const open = optional.filter((name) => all.some((variant) => isOptional(variant, name)));
  const isExplained = open.length <= optional.length * 0.3;
  const shapes = new Set(all.map((variant) => [...variant.fields.keys()].sort().join("\0")));
  return isExplained && shapes.size === all.length ? variants : undefined;
}

function objectsOf({ types }: Observation): number {
  return types.get("object") ?? 0;
}

function optionalOf(seen: Observation): readonly string[] {
  return [...seen.fields.keys()].filter((name) => isOptional(seen, name));
}

function isOptional(seen: Observation, name: string): boolean {
  const field = seen.fields.get(name);
  return field !== undefined && countOf(field) < objectsOf(seen);
}
