import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { QueryEncoder, QueryPair } from "./request.js";
import { steps } from "../read/steps.js";
import { toText } from "../client/template.js";

/** How lists and objects are written in a query. `null` is left out everywhere, booleans are `true` and `false`. */
export interface QueryEncoderOptions {
  /** `a=1&a=2`, `a=1,2`, `a[]=1&a[]=2` or `a[0]=1&a[1]=2`. Default `repeat`. */
  readonly arrays?: "repeat" | "comma" | "brackets" | "indices";
  /**
   * `json`: `f={"a":{"b":1}}`, the default. `deep` and `brackets`: `f[a][b]=1`; they differ in the lists inside. `deep`
   * (OpenAPI's `deepObject`) writes these as `arrays` says, `brackets` (of PHP and Rails) always as `f[a][]=1&f[a][]=2`.
   */
  readonly objects?: "json" | "deep" | "brackets";
}

/** Writes lists and objects of the query in one of the ways that APIs read. */
export function queryEncoder(options: QueryEncoderOptions = {}): QueryEncoder {
  const encode: QueryEncoder["encode"] = (name, value) => write(name, value, options);
  return { options, [steps]: { encode }, encode };
}

function write(name: string, value: JsonValue, options: QueryEncoderOptions): readonly QueryPair[] {
  const { arrays = "repeat", objects = "json" } = options;
  if (value === null) return [];
  if (Array.isArray(value)) {
    const items = value.filter((item: JsonValue) => item !== null) as readonly JsonValue[];
    // What repeats or is joined does not say where in the list it stands: lists and objects inside are JSON.
    if (arrays === "repeat") return items.map((item) => [name, toText(item)]);
    if (arrays === "comma") return items.length > 0 ? [[name, items.map(toText).join(",")]] : [];
    return items.flatMap((item, at) => write(`${name}[${arrays === "indices" ? at : ""}]`, item, options));
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
