import type { JsonValue } from "@connector-gen/runtime";
import { findKind, shorthandsOf } from "../../spec/kinds.js";
import { rowsOf } from "../../spec/options.js";
import { isTextConstant, type PyDict, type PyEntry, type PyValue } from "../python/values.js";
import { paginatorTypes, readPaginatorClass } from "./classes.js";
import type { Converter, Target } from "./converter.js";

/** Value of a required number that is unknown. */
const defaultNumber = 100;

const detectHint =
  "the generated client detects the paginator at run time; to write it into the spec, run connector-gen detect";

/** Converts a paginator, or an instance of one of dlt's paginator classes. Omits any other value. */
export function convertPaginator(
  converter: Converter,
  value: PyValue,
  target: Target,
): JsonValue | undefined {
  const plain: Target = { ...target, text: "plain" };
  if (value.kind === "constant" && value.value === null) return null;
  if (isTextConstant(value))
    return isKnown(value.value) ? converter.convert(value, plain) : converter.omit(value, plain, detectHint);
  if (value.kind === "dict") return convertBlock(converter, value, plain);
  const instance = value.kind === "call" ? readPaginatorClass(value) : undefined;
  if (!instance) return converter.omit(value, plain, detectHint);
  const type: PyValue = { kind: "constant", value: instance.type, origin: value.origin };
  const entries = new Map<string, PyEntry>([
    ["type", { key: value.origin, value: type }],
    ...instance.entries,
  ]);
  return convertBlock(converter, { kind: "dict", entries, rest: instance.rest, origin: value.origin }, plain);
}

function convertBlock(converter: Converter, block: PyDict, target: Target): JsonValue | undefined {
  const type = block.entries.get("type")?.value;
  if (!isTextConstant(type) || !isKnown(type.value)) return converter.omit(type ?? block, target, detectHint);
  return converter.convertDict(block, target, (value, own, key) => {
    const isUnknown = value.kind !== "constant";
    if (isUnknown && isRequired(type.value, key)) {
      converter.omit(value, own, `the spec has ${defaultNumber} instead; correct the number`);
      return defaultNumber;
    }
    return converter.convert(value, own);
  });
}

function isRequired(type: string, key: string): boolean {
  const kind = findKind("paginator", type);
  const option = kind && rowsOf(kind).find((row) => row.key === key)?.option;
  return option?.required === true && option.type === "whole";
}

function isKnown(type: string): boolean {
  return (
    paginatorTypes.includes(type) ||
    shorthandsOf("paginator").includes(type) ||
    findKind("paginator", type) !== undefined
  );
}
