import { ReadFailure, ValidationError } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import type { Shaper } from "./shaper.js";
import { isObject, shapeObjects, type RecordObject } from "./objects.js";

/** The depth to which records are flattened, and the separator in the names of new fields. */
export interface FlattenOptions {
  /** Joins the name of the object and the name of its field. Default `_`. */
  readonly separator?: string | undefined;
  /** Number of levels. Default: all. */
  readonly depth?: number | undefined;
}

/** Moves the fields of objects into the record: `address: { city }` becomes `address_city`. Lists stay lists. */
export function flatten(options: FlattenOptions = {}): Shaper {
  const { separator = "_", depth = Infinity } = options;
  return shapeObjects("flatten", options, (record) => flattenRecord(record, separator, depth));
}

/** A value that is to be added to the flat record. */
interface Field {
  readonly name: string;
  /** For messages. */
  readonly path: string;
  readonly level: number;
  readonly value: unknown;
}

/** Iterative, because records can be nested deeper than the call stack allows. */
function flattenRecord(record: RecordObject, separator: string, depth: number): RecordObject {
  const flat = new Map<string, Field>();
  const waiting = fieldsOf(record).reverse();
  for (let field = waiting.pop(); field; field = waiting.pop()) {
    const { name, path, level, value } = field;
    if (isObject(value) && level <= depth) {
      const inner = fieldsOf(value).map((each) => ({
        name: name + separator + each.name,
        path: `${path}.${each.path}`,
        level: level + 1,
        value: each.value,
      }));
      waiting.push(...inner.reverse());
      continue;
    }
    const other = flat.get(name);
    if (other) {
      const both = `\`${other.path}\` and \`${path}\``;
      const message = `flattening gives ${both} the same name \`${name}\`; use another separator, or rename one of them first`;
      throw new ReadFailure(ValidationError, "INVALID_RECORD", message);
    }
    flat.set(name, field);
  }
  return Object.fromEntries(Array.from(flat, ([name, { value }]) => [name, value]));
}

function fieldsOf(object: RecordObject): Field[] {
  return Object.entries(object).map(([name, value]) => ({ name, path: name, level: 1, value }));
}

/** The spec's step `flatten`. */
export const flattenKind: Kind = /* @__PURE__ */ defineKind<FlattenOptions>(() => ({
  family: "shaper",
  type: "flatten",
  factory: "flatten",
  summary: "Replaces nested objects by their fields: `address.city` becomes `address_city`.",
  options: {
    separator: {
      type: "text",
      default: "_",
      description: "The text between the name of an object and the names of its fields.",
    },
    depth: { type: "whole", minimum: 1, description: "The number of levels to flatten. Default: all." },
  },
  phrase: () => "",
  reshape: (options) => ({ type: "flatten", ...(options as FlattenOptions) }),
  examples: [true, { separator: ".", depth: 1 }],
}));
