import { isNone, isTextConstant, type PyCall, type PyReference, type PyValue } from "./values.js";

/** Stores of external values by the full name of the mapping. */
const stores: readonly (readonly [RegExp, PyReference["store"]])[] = [
  [/^(?:dlt\.)?secrets$/, "secrets"],
  [/^dlt\.config$/, "config"],
  [/^(?:os\.)?environ$/, "environment"],
];

/** Returns the store of external values with a name. */
export function storeOf(name: string | undefined): PyReference["store"] | undefined {
  return stores.find(([pattern]) => name !== undefined && pattern.test(name))?.[1];
}

/** Returns a key, or the known parts of one such as `f"{tenant}_API_KEY"`. */
function keyOf(key: PyValue | undefined): string | undefined {
  if (isTextConstant(key)) return key.value;
  if (key?.kind !== "text") return undefined;
  const known = key.parts.filter((part) => typeof part === "string").join("_");
  return /[a-z]/i.test(known) ? known : undefined;
}

/** Reads external values such as `dlt.secrets.get("x")` and `os.getenv("X", "default")`. */
export function readStoreCall(name: string, { positional, keywords, origin }: PyCall): PyValue | undefined {
  const [key, second] = positional;
  const fallback = second ?? keywords.get("default");
  const store = /^(?:os\.)?getenv$/.test(name)
    ? "environment"
    : name.endsWith(".get")
      ? storeOf(name.slice(0, -".get".length))
      : undefined;
  const known = keyOf(key);
  if (!store || known === undefined) return undefined;
  // The second argument of `dlt.secrets.get` is a type.
  const isDefault = store === "environment" && fallback !== undefined;
  return {
    kind: "reference",
    store,
    key: known,
    origin,
    ...(isDefault && !isNone(fallback) && { fallback }),
  };
}
