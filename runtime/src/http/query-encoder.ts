import { toText, type JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";

/** Writes the value of a query parameter as pairs: `queryEncoder({ arrays: "comma" })`. */
export interface QueryEncoder {
  /** The options of the factory, as data. */
  readonly options: object;
  readonly encode: (name: string, value: JsonValue) => readonly QueryPair[];
}

/** A name and a text of the query, before percent-encoding. */
export type QueryPair = readonly [name: string, text: string];

/** The notation of lists and objects in a query. `null` is omitted; booleans are `true` and `false`. */
export interface QueryEncoderOptions {
  /** `a=1&a=2`, `a=1,2`, `a[]=1&a[]=2` or `a[0]=1&a[1]=2`. Default `repeat`. */
  readonly arrays?: "repeat" | "comma" | "brackets" | "indices" | undefined;
  /**
   * `json`: `f={"a":{"b":1}}`, the default. `deep` and `brackets`: `f[a][b]=1`. They differ in nested lists: `deep`
   * (OpenAPI's `deepObject`) writes them by `arrays`, `brackets` (PHP and Rails) always as `f[a][]=1&f[a][]=2`.
   */
  readonly objects?: "json" | "deep" | "brackets" | undefined;
}

/** Creates a query encoder for APIs that do not read repeated parameters. */
export function queryEncoder(options: QueryEncoderOptions = {}): QueryEncoder {
  return { options, encode: (name, value) => write(name, value, options) };
}

function write(name: string, value: JsonValue, options: QueryEncoderOptions): readonly QueryPair[] {
  const { arrays = "repeat", objects = "json" } = options;
  if (value === null) return [];
  if (Array.isArray(value)) {
    const items = value.filter((item: JsonValue) => item !== null) as readonly JsonValue[];
    // Repeated and joined items do not show their position in the list, so nested lists and objects are JSON.
    if (arrays === "repeat") return items.map((item) => [name, toText(item)]);
    if (arrays === "comma") return items.length > 0 ? [[name, items.map(toText).join(",")]] : [];
    return items.flatMap((item, index) =>
      write(`${name}[${arrays === "indices" ? index : ""}]`, item, options),
    );
  }
  if (typeof value !== "object" || objects === "json") return [[name, toText(value)]];
  const inner = objects === "brackets" ? ({ ...options, arrays: "brackets" } as const) : options;
  return Object.entries(value).flatMap(([key, item]) => write(`${name}[${key}]`, item, inner));
}

/** The spec's `array_format` and `object_format`. */
export const queryEncoderKind: Kind = /* @__PURE__ */ defineKind<QueryEncoderOptions>(() => ({
  family: "encoder",
  type: "query_encoder",
  factory: "queryEncoder",
  summary: "How lists and objects are written in the query.",
  options: {
    arrays: {
      type: "choice",
      key: "array_format",
      choices: ["repeat", "comma", "brackets", "indices"],
      default: "repeat",
      description: "How lists are written in the query: `a=1&a=2`, `a=1,2`, `a[]=1&a[]=2`, `a[0]=1&a[1]=2`.",
    },
    objects: {
      type: "choice",
      key: "object_format",
      choices: ["json", "deep", "brackets"],
      default: "json",
      description:
        'How objects are written in the query: `a={"b":1}`, or `a[b]=1`; lists inside as `array_format` says (`deep`) or as `a[b][]=1` (`brackets`).',
    },
  },
  phrase: () => "",
  examples: [{ array_format: "comma" }, { array_format: "indices", object_format: "deep" }],
}));
