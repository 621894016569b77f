import type { JsonValue } from "../json.js";
import type { Option, OptionProblem } from "../kind.js";
import type { PageRequest } from "./paginator.js";

/**
 * A value that a page adds to the request, and its destination: a dotted path of the JSON body if there is one, otherwise
 * a query parameter, where the value must be a scalar.
 */
export type PageParam = readonly [
  value: JsonValue | undefined,
  param: string,
  bodyPath: string | null | undefined,
];

/** Converts values to a page request; omits those that are `undefined`. */
export function toPageRequest(...params: readonly PageParam[]): PageRequest {
  const query: Record<string, string> = {};
  const body: Record<string, JsonValue> = {};
  for (const [value, param, bodyPath] of params) {
    if (value === undefined) continue;
    if (bodyPath) body[bodyPath] = value;
    else query[param] = value as string;
  }
  return { query, body };
}

/** The page size, for APIs with a default. */
export interface PageSize {
  /** Records per page; sent if set. */
  readonly limit?: number;
  /** Default `limit`. */
  readonly limitParam?: string | null;
  /** Dotted path in the JSON body, instead of a query parameter. */
  readonly limitBodyPath?: string | null;
}

/** Describes the options of `PageSize`. */
export function pageSizeOptions(): { readonly [K in keyof Required<PageSize>]: Option } {
  return {
    limit: { type: "whole", minimum: 1, description: "Records per page; sent if set." },
    limitParam: paramOption("the limit", "limit"),
    limitBodyPath: bodyPathOption("the limit"),
  };
}

/** Describes an option that names a query parameter. */
export function paramOption(what: string, byDefault: string): Option {
  return { type: "text", nullable: true, default: byDefault, description: `Query parameter of ${what}.` };
}

/** Describes an option that puts a value into the body. */
export function bodyPathOption(what: string): Option {
  return {
    type: "text",
    nullable: true,
    description: `Dotted path of ${what} in the JSON body (\`page.size\`), instead of a query parameter; missing objects on the path are created, and a number is the index of an item of a list.`,
  };
}

/** Checks that at most one of several options is set. */
export function checkExclusive(
  options: Readonly<Record<string, unknown>>,
  ...names: readonly string[]
): readonly OptionProblem[] {
  const given = names.filter((name) => options[name] != null);
  const words = given.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const [, second] = given;
  return second === undefined
    ? []
    : [{ option: second, message: `${words.join(" and ")} are mutually exclusive: remove one of them` }];
}
