import { isTextConstant, isWhole, type PyCall, type PyResource, type PyValue } from "./values.js";

/** A function decorated with `@dlt.resource`, and the result of calling it. */
interface Decorated {
  readonly decorator: PyValue;
  readonly name: string;
  readonly result: PyValue | undefined;
}

/**
 * Reads the creation of a resource that is not an endpoint: `dlt.resource(rows, name="x")`, or the call of a decorated
 * function.
 */
export function readResource(call: PyCall, decorated?: Decorated): PyResource | undefined {
  const { origin } = call;
  if (decorated) {
    const options = decorated.decorator.kind === "call" ? decorated.decorator : undefined;
    const given = options?.keywords.get("name") ?? options?.positional[0];
    const name = isTextConstant(given) ? given.value : decorated.name;
    const isResource = options === undefined || options.callee.endsWith("resource");
    const records = isResource ? recordsOf(decorated.result) : undefined;
    return { kind: "resource", name, origin, ...(records && { records }), ...(options && hintsOf(options)) };
  }
  if (!/^dlt\.(?:resource|transformer)$/.test(call.callee)) return undefined;
  const [data, second] = call.positional;
  const given = call.keywords.get("name") ?? second;
  const records = call.callee === "dlt.resource" ? recordsOf(data ?? call.keywords.get("data")) : undefined;
  return {
    kind: "resource",
    origin,
    ...(isTextConstant(given) && { name: given.value }),
    ...(records && { records }),
    ...hintsOf(call),
  };
}

function hintsOf({ keywords }: PyCall): Pick<PyResource, "hints"> {
  return { hints: new Map([...keywords].filter(([key]) => key !== "name" && key !== "data")) };
}

/** Returns the records that a list yields. dlt flattens nested lists. */
function recordsOf(value: PyValue | undefined): readonly PyValue[] | undefined {
  if (!isWhole(value)) return undefined;
  const records = value.items.flatMap((item): readonly PyValue[] => (isWhole(item) ? item.items : [item]));
  const isKnown = records.every((record) => record.kind === "dict" && isConstant(record));
  return isKnown && records.length > 0 ? records : undefined;
}

function isConstant(value: PyValue): boolean {
  switch (value.kind) {
    case "constant":
      return true;
    case "list":
      return value.items.every(isConstant);
    case "dict":
      return value.rest.length === 0 && [...value.entries.values()].every((entry) => isConstant(entry.value));
    default:
      return false;
  }
}
