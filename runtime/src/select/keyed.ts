import { defineKind, type Kind } from "../kind.js";
import { createLayout, isObject, kindOfValue, wrongLayout } from "./layout.js";
import type { Query, Selector } from "./path.js";

/** Options of `keyed`. */
export interface KeyedOptions {
  /** The field of each record that contains its key. */
  readonly keyField: string;
  /** The field that contains a value that is not an object. Default `value`. */
  readonly valueField?: string | undefined;
}

/** Selects the records of an object by key: `{ "EUR": { "rate": 1 } }` gives `{ code: "EUR", rate: 1 }`. */
export function keyed(selector: Selector, { keyField, valueField = "value" }: KeyedOptions): Query {
  return createLayout(selector, (value) => {
    // PHP writes an empty object as a list.
    if (Array.isArray(value) && value.length === 0) return [];
    if (!isObject(value))
      throw wrongLayout(
        selector,
        `is ${kindOfValue(value)}, but \`keyed\` needs an object of records by key`,
      );
    return Object.entries(value).map(([key, item]) => {
      if (!isObject(item)) return { [keyField]: key, [valueField]: item };
      if (!Object.hasOwn(item, keyField) || String(item[keyField]) === key)
        return { [keyField]: key, ...item };
      throw wrongLayout(
        selector,
        `has records with a field \`${keyField}\` that is not their key: choose another \`key_field\``,
      );
    });
  });
}

/** The spec's `{"type": "keyed"}`. */
export const keyedKind: Kind = /* @__PURE__ */ defineKind<KeyedOptions>(() => ({
  family: "layout",
  type: "keyed",
  factory: "keyed",
  summary:
    'An object of records by key: `{"EUR": {"rate": 1}}`. `data_selector` leads to it; the key becomes a field.',
  options: {
    keyField: {
      type: "text",
      required: true,
      description: "The field of each record that takes its key.",
    },
    valueField: {
      type: "text",
      default: "value",
      description: 'The field that takes a value that is not an object: `{"EUR": 1}`.',
    },
  },
  phrase: ({ keyField }) => `an object of records by \`${String(keyField)}\``,
  examples: [
    { type: "keyed", key_field: "code" },
    { type: "keyed", key_field: "code", value_field: "rate" },
  ],
}));
