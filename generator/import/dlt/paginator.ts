import type { JsonValue } from "@connector-gen/runtime";
import { findKind, rowsOf, shorthandsOf } from "../../spec/kinds.js";
import { isTextConstant, type PyDict, type PyEntry, type PyValue } from "../python/values.js";
import type { Carrier, Spot } from "./carrier.js";
import { PAGINATOR_TYPES, readPaginatorClass } from "./classes.js";

/** What a required number is, when nobody knows it. */
const PAGE_SIZE = 100;

const DETECTED = "the pages are found out when the source is read, or by connector-gen detect";

/** Carries a paginator, or an instance of one of dlt's classes, over; any other instance is left out. */
export function carryPaginator(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  const place: Spot = { ...spot, text: "plain" };
  if (value.kind === "constant" && value.value === null) return null;
  if (isTextConstant(value))
    return isKnown(value.value) ? carrier.carry(value, place) : carrier.leaveOut(value, place, DETECTED);
  if (value.kind === "dict") return carryBlock(carrier, value, place);
  const instance = value.kind === "call" ? readPaginatorClass(value) : undefined;
  if (!instance) return carrier.leaveOut(value, place, DETECTED);
  const type: PyValue = { kind: "constant", value: instance.type, origin: value.origin };
  const entries = new Map<string, PyEntry>([
    ["type", { key: value.origin, value: type }],
    ...instance.entries,
  ]);
  return carryBlock(carrier, { kind: "dict", entries, rest: instance.rest, origin: value.origin }, place);
}

function carryBlock(carrier: Carrier, block: PyDict, spot: Spot): JsonValue | undefined {
  const type = block.entries.get("type")?.value;
  if (!isTextConstant(type) || !isKnown(type.value)) return carrier.leaveOut(type ?? block, spot, DETECTED);
  return carrier.carryDict(block, spot, (value, own, key) => {
    const isUnknown = value.kind !== "constant";
    if (isUnknown && isRequired(type.value, key)) {
      carrier.leaveOut(value, own, `${PAGE_SIZE} stands in its place; write the right number`);
      return PAGE_SIZE;
    }
    return carrier.carry(value, own);
  });
}

function isRequired(type: string, key: string): boolean {
  const kind = findKind("paginator", type);
  const option = kind && rowsOf(kind).find((row) => row.key === key)?.option;
  return option?.required === true && option.type === "whole";
}

function isKnown(type: string): boolean {
  return (
    PAGINATOR_TYPES.includes(type) ||
    shorthandsOf("paginator").includes(type) ||
    findKind("paginator", type) !== undefined
  );
}
