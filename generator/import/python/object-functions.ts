import { classAttribute, fieldNamesOf, objectAttribute } from "./classes.js";
import { setAttribute } from "./assign.js";
import type { Evaluator } from "./evaluator.js";
import {
  constant,
  emptyDict,
  isTextConstant,
  type PyCall,
  type PyDict,
  type PyObject,
  type PyValue,
} from "./values.js";

/** Calls a known function that reads or changes an object. Returns `undefined` for unknown results. */
export function callObjectFunction(evaluator: Evaluator, name: string, call: PyCall): PyValue | undefined {
  const { origin, positional } = call;
  const [object, key, value] = positional;
  switch (name) {
    case "isinstance":
      return isInstance(object, key, origin);
    case "type":
      return object?.kind === "object" && !key ? object.of : undefined;
    case "getattr": {
      if (object?.kind !== "object" && object?.kind !== "class") return undefined;
      if (!isTextConstant(key)) return undefined;
      const found =
        object.kind === "class"
          ? classAttribute(object, key.value)
          : objectAttribute(evaluator, object, { name: key.value, origin });
      return found ?? value;
    }
    case "setattr":
      if ((object?.kind !== "object" && object?.kind !== "class") || !value) return undefined;
      if (!isTextConstant(key)) return undefined;
      setAttribute(evaluator, object, { name: key.value, key: key.origin, value });
      return constant(null, origin);
    case "vars":
    case "asdict":
    case "dataclasses.asdict":
      return object?.kind === "object" ? fieldsOf(object, origin) : undefined;
    default:
      return undefined;
  }
}

/** Calls a method that a class of the source inherits from a library. Returns `undefined` for other methods. */
export function callInheritedMethod(
  object: PyObject,
  method: string,
  { origin, positional }: PyCall,
): PyValue | undefined {
  const isDump = method === "_asdict" || method === "model_dump" || method === "dict";
  return isDump && positional.length === 0 ? fieldsOf(object, origin) : undefined;
}

/** Returns the fields of an instance as a dict, including fields with defaults. */
function fieldsOf(object: PyObject, origin: PyValue["origin"]): PyDict {
  const names = fieldNamesOf(object.of);
  const dict = emptyDict(origin);
  dict.entries = new Map(
    [...new Set([...names, ...object.entries.keys()])].flatMap((name) => {
      const entry = object.entries.get(name);
      const value = entry?.value ?? classAttribute(object.of, name);
      return value ? [[name, { key: value.origin, value }] as const] : [];
    }),
  );
  return dict;
}

function isInstance(
  value: PyValue | undefined,
  type: PyValue | undefined,
  origin: PyValue["origin"],
): PyValue | undefined {
  const names = (type?.kind === "list" ? type.items : [type]).map((one) =>
    one?.kind === "unknown" ? one.name : undefined,
  );
  if (!value || names.includes(undefined)) return undefined;
  const own = typeNameOf(value);
  if (own === undefined) return undefined;
  if (names.includes(own) || (own === "bool" && names.includes("int"))) return constant(true, origin);
  // Any other class may be abstract, such as `Mapping`.
  const areKnown = names.every((name) => name !== undefined && plainTypes.has(name));
  return areKnown ? constant(false, origin) : undefined;
}

const plainTypes = new Set([
  "str",
  "int",
  "float",
  "bool",
  "list",
  "tuple",
  "set",
  "frozenset",
  "dict",
  "bytes",
]);

/** Returns the name of the type of a value. */
function typeNameOf(value: PyValue): string | undefined {
  if (value.kind === "list") return value.type === "iterator" ? undefined : (value.type ?? "list");
  if (value.kind !== "constant") return typeNames[value.kind];
  if (value.isTime) return undefined;
  return value.isFloat ? "float" : typeNames[typeof value.value];
}

/** Python types by the types of constants and the kinds of values. */
const typeNames: Readonly<Record<string, string>> = {
  string: "str",
  number: "int",
  boolean: "bool",
  object: "NoneType",
  text: "str",
  dict: "dict",
};
