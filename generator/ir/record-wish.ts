import type { SpecResource } from "../spec/spec.js";
import { toPascal, toSingularPascal, toSpelled } from "./names.js";
import type { Wish } from "./scope.js";

/**
 * Returns the wish for the name of a resource's record type: the singular, or the whole name if another resource wants
 * the same singular.
 */
export function recordWish({ name, recordType }: SpecResource): Wish {
  const wish = recordType ?? toSingularPascal(name);
  return {
    names: [wish, `${wish}Record`, ...(recordType === undefined ? [toPascal(name), toSpelled(name)] : [])],
    key: `record ${name}`,
    // A name from the spec must not change.
    rank: recordType === undefined ? 2 : 1,
  };
}
