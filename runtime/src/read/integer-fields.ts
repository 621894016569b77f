import type { BigIntegerMode } from "../exact-json.js";
import type { IntegerFields } from "./big-integers.js";

/** The modes of the integers in a value: one mode for all integers at this place, or its parts. */
export type IntegerPlaces = BigIntegerMode | IntegerParts;

/** The parts of an object. The items of a list are at the place of the list. */
interface IntegerParts {
  /** The mode of the integers at this place itself. */
  readonly mode?: BigIntegerMode;
  /** `null`: no integer in this field has its own mode. */
  readonly fields?: Readonly<Record<string, IntegerPlaces | null>>;
  /** All other fields. */
  readonly others?: IntegerPlaces;
  /** Names of additional types that the value may have. */
  readonly types?: readonly string[];
}

/**
 * Finds the modes of fields in records of any depth. `types` contains, by name, the types to which `root` and other types
 * refer.
 */
export function integerFields(
  root: IntegerPlaces,
  types: Readonly<Record<string, IntegerPlaces>> = {},
): IntegerFields {
  return open([root], types) ?? { at: () => undefined };
}

/** Combines several places, all of which may apply to a value. */
function open(
  places: readonly IntegerPlaces[],
  types: Readonly<Record<string, IntegerPlaces>>,
): IntegerFields | undefined {
  if (places.length === 0) return undefined;
  const parts = new Set<IntegerParts>();
  const add = (place: IntegerPlaces): void => {
    const part = typeof place === "string" ? { mode: place } : place;
    if (parts.has(part)) return;
    parts.add(part);
    for (const name of part.types ?? []) add(types[name] ?? {});
  };
  places.forEach(add);
  const all = [...parts];
  const named = new Set(all.flatMap(({ fields = {} }) => Object.keys(fields)));
  const known = new Map<string, IntegerFields | undefined>();
  return {
    mode: all.find(({ mode }) => mode)?.mode,
    at: (name) => {
      // All fields that no place names share one entry.
      const key = named.has(name) ? `.${name}` : "";
      if (!known.has(key)) {
        const next = all.flatMap(({ fields = {}, others }) => {
          const place = Object.hasOwn(fields, name) ? fields[name] : others;
          return place ?? [];
        });
        known.set(key, open(next, types));
      }
      return known.get(key);
    },
  };
}
