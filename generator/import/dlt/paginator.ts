import type { JsonValue } from "@connector-gen/runtime";
import { findKind, shorthandsOf } from "../../spec/kinds.js";
import { superCall } from "../python/calls.js";
import { ancestorsOf, foreignBases } from "../python/classes.js";
import { isTextConstant, type PyDict, type PyObject, type PyValue } from "../python/values.js";
import { blockOf, type Instance, optionOf, paginatorTypes, readPaginatorClass } from "./classes.js";
import type { Converter, Target } from "./converter.js";

/** Value for a required number that is unknown. */
const defaultNumber = 100;

const detectHint =
  "the generated client detects the paginator at run time; to write it into the spec, run connector-gen detect";
const singlePageHint =
  "only the first page is read, because the path ends in a placeholder; add a paginator to the spec";

/** Converts a paginator, or an instance of one of dlt's paginator classes. Omits any other value. */
export function convertPaginator(
  converter: Converter,
  value: PyValue,
  target: Target,
): JsonValue | undefined {
  const plain: Target = { ...target, text: "plain" };
  const hint = target.isSingleEntity ? singlePageHint : detectHint;
  if (value.kind === "constant" && value.value === null) return null;
  if (isTextConstant(value)) {
    if (value.value === "json_response") return "json_link";
    return isKnown(value.value) ? converter.convert(value, plain) : converter.omit(value, plain, hint);
  }
  if (value.kind === "dict") return convertBlock(converter, value, { target: plain, hint });
  if (value.kind === "object") {
    const derived = readDerived(converter, value);
    if (derived) return convertDerived(converter, value, { derived, target: plain, hint });
  }
  const instance = value.kind === "call" ? readPaginatorClass(value) : undefined;
  if (!instance) return converter.omit(value, plain, hint);
  return convertBlock(converter, blockOf(instance, value.origin), { target: plain, hint });
}

/** Methods of dlt's paginators that do not affect paging: a class that overrides only these pages like its base class. */
const harmlessMethods = new Set(["__init__", "__repr__", "__str__", "__doc__", "init_request"]);

/** Methods that may change how a paginator pages, and what to check if they are omitted. */
const checks: Readonly<Record<string, string>> = {
  init_request: "the first request",
  update_state: "where the read ends",
};

/** Whether a method calls the method that it overrides, and so changes it only in part. */
function extendsInherited({ text }: Converter, name: string, value: PyValue): boolean {
  if (value.kind !== "function" || name !== "update_state") return false;
  return text.slice(value.node.from, value.node.to).includes(`super().${name}(`);
}

/** An instance of a class of the source that extends a paginator of dlt. */
interface Derived {
  readonly instance: Instance;
  readonly base: string;
  /** The methods that the class overrides besides its constructor. */
  readonly changes: readonly string[];
}

/** Reads an instance of a class that extends one of dlt's paginators without changing how it finds the next page. */
function readDerived(converter: Converter, object: PyObject): Derived | undefined {
  const [base, ...others] = foreignBases(object.of);
  const call = object.entries.get(superCall)?.value;
  const own = ancestorsOf(object.of).flatMap(({ entries }) => [...entries]);
  const methods = own.map(([name]) => name);
  const isKept = own.every(
    ([name, { value }]) => harmlessMethods.has(name) || extendsInherited(converter, name, value),
  );
  if (base === undefined || others.length > 0 || !isKept) return undefined;
  if (call?.kind !== "call" && methods.includes("__init__")) return undefined;
  const args = call?.kind === "call" ? call : object.call;
  const isImported = object.of.bases.some((one) => one.kind === "unknown" && one.isImported === true);
  const instance = readPaginatorClass({ ...args, callee: base, ...(isImported && { isImported }) });
  const changes = methods.filter((name) => Object.hasOwn(checks, name));
  return instance && { instance, base: base.split(".").at(-1) ?? base, changes };
}

function convertDerived(
  converter: Converter,
  value: PyObject,
  { derived, target, hint }: { readonly derived: Derived } & Options,
): JsonValue | undefined {
  const { instance, base, changes } = derived;
  if (changes.length > 0) {
    const { from, to } = value.origin;
    const instead = `replaced by the paginator of ${base}, without ${changes.join(" and ")}: check ${changes.map((name) => checks[name]).join(" and ")}`;
    converter.report({ code: "omitted", path: target.path, what: "call", instead, from, to });
  }
  return convertBlock(converter, blockOf(instance, value.origin), { target, hint });
}

interface Options {
  readonly target: Target;
  /** The effect of omitting the paginator. */
  readonly hint: string;
}

function convertBlock(converter: Converter, block: PyDict, { target, hint }: Options): JsonValue | undefined {
  const type = block.entries.get("type")?.value;
  if (!isTextConstant(type) || !isKnown(type.value)) return converter.omit(type ?? block, target, hint);
  return converter.convertDict(block, target, (value, own, key) => {
    if (key === "type" && type.value === "json_response") return "json_link";
    const isUnknown = value.kind !== "constant";
    if (isUnknown && isRequired(type.value, key)) {
      converter.omit(value, own, `the spec has ${defaultNumber} instead; correct the number`);
      return defaultNumber;
    }
    return converter.convert(value, own);
  });
}

function isRequired(type: string, key: string): boolean {
  const option = optionOf("paginator", type, key);
  return option?.required === true && option.type === "whole";
}

function isKnown(type: string): boolean {
  return (
    paginatorTypes.includes(type) ||
    shorthandsOf("paginator").includes(type) ||
    findKind("paginator", type) !== undefined
  );
}
