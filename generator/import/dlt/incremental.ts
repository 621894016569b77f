import type { JsonValue } from "@connector-gen/runtime";
import { isTextConstant, type PyDict, type PyValue } from "../python/values.js";
import type { Converter, Target } from "./converter.js";
import { blockOf, readIncrementalClass } from "./classes.js";

/** Reads an incremental block: a dict, or `dlt.sources.incremental(…)`. Returns `undefined` for other values. */
export function readIncremental(value: PyValue): PyDict | undefined {
  if (value.kind === "dict") return value;
  const instance = value.kind === "call" ? readIncrementalClass(value) : undefined;
  return instance && { kind: "dict", entries: instance.entries, rest: instance.rest, origin: value.origin };
}

const unknownCursor = "without the field of the cursor, every run reads all records";

/** Converts an incremental block. Omits functions. Returns `undefined` if the field of the cursor is unknown. */
export function convertIncremental(
  converter: Converter,
  block: PyDict,
  target: Target,
): Record<string, JsonValue> | undefined {
  const cursor = block.entries.get("cursor_path")?.value;
  if (cursor && cursor.kind !== "constant")
    return void converter.omit(cursor, { ...target, path: [...target.path, "cursor_path"] }, unknownCursor);
  const convert = block.entries.get("convert")?.value ?? block.entries.get("transform")?.value;
  const format = convert && converter.formatOf(convert);
  const converted = converter.convertDict(block, target, (value, own, key) => {
    switch (key) {
      case "convert":
      case "transform":
        return convertConvert(converter, value, own);
      case "last_value_func":
        return convertOrder(converter, value, own);
      case "allow_external_schedulers":
        return isOff(value)
          ? undefined
          : converter.omit(value, own, "generated clients have no external scheduler");
      case "initial_value":
      case "end_value":
        if (key === "end_value" && value.kind === "reference" && value.isOptional === true)
          return converter.omit(value, own, "it is None by default, so that a read has no end");
        return converter.convert(value, { ...own, text: "literal" });
      default:
        return converter.convert(value, { ...own, text: "plain" });
    }
  });
  return { ...converted, ...(format !== undefined && format !== "" && { format }) };
}

/** Adds the type to an incremental block, which `params` requires. */
export function asParameter({ entries, rest, origin }: PyDict): PyDict {
  return blockOf({ type: "incremental", entries, rest }, origin);
}

function convertConvert(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (value.kind === "constant" && value.value === null) return undefined;
  if (value.kind !== "constant" && converter.formatOf(value) !== undefined) return undefined;
  return converter.omit(
    value,
    target,
    'cursor values are sent as they are in the records; add "format" if the API needs another form',
  );
}

/** Converts the function that compares cursors: the builtin functions `max` and `min` become their names. */
function convertOrder(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (isTextConstant(value)) return value.value;
  if (value.kind === "unknown" && (value.name === "max" || value.name === "min")) return value.name;
  return converter.omit(value, target, "the greatest cursor value is used");
}

function isOff(value: PyValue): boolean {
  return value.kind === "constant" && (value.value === false || value.value === null);
}
