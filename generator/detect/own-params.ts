import { walkBody, wordsOf } from "@connector-gen/runtime/kinds";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { toJson, type ResourceIr } from "../ir/source-ir.js";
import { isObject } from "../spec/values.js";
import type { FirstPage, OwnParam } from "./candidate.js";

/** Collects the parameters that a resource sends with every request, in the query and in a JSON body. */
export function collectParams(resource: ResourceIr): Omit<FirstPage, "exchange"> {
  const query = resource.query.map(({ name, value }): OwnParam => {
    return { name, words: wordsOf(name), value: value };
  });
  const template =
    resource.body?.type === "json" ? toJson(resource.body.options["template"] ?? null) : undefined;
  const body = [...walkBody(template, 4)].flatMap(({ path, name, words, value }): readonly OwnParam[] =>
    isObject(value) || Array.isArray(value) || path.some((step) => step.includes("."))
      ? []
      : [{ name, words, value: value as JsonValue, bodyPath: path.join(".") }],
  );
  return {
    own: [...query, ...body],
    inputs: resource.params.map(({ name }) => name),
    ...(template !== undefined && { body: template }),
  };
}

/** Finds a parameter of the spec by the words of its name, or of the name in its brackets: `searchCriteria[currentPage]`. */
export function ownParam({ own }: FirstPage, words: RegExp): OwnParam | undefined {
  const inner = ({ name }: OwnParam): string => wordsOf(/\[([^[\]]+)\]$/.exec(name)?.[1] ?? "");
  return own.find((param) => words.test(param.words) || words.test(inner(param)));
}

/** Returns a non-negative integer, given as a number or as text; `undefined` for any other value. */
export function wholeOf(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** A parameter that takes a cursor or a page number. */
export interface Target {
  readonly name: string;
  /** Paginator options that select the parameter: `{ cursor_param: "after" }`. */
  readonly options: JsonObject;
}

/**
 * Chooses the parameter for a value: a parameter that the spec or the method already has, otherwise a new one in the
 * style of a name in the response. A request with a JSON body takes it in the body; GraphQL takes it in the variables.
 */
export function targetOf(page: FirstPage, what: "cursor" | "page", names: Names): Target {
  const known = names.words
    .map((words) => page.own.find((param) => param.words === words))
    .find((param) => param !== undefined);
  const input = names.words
    .flatMap((words) => page.inputs.filter((each) => wordsOf(each) === words))
    .find((each) => each !== "");
  const name = known?.name ?? input ?? inStyleOf(names.like, names.words[0] ?? what);
  if (known?.bodyPath !== undefined) return { name, options: { [`${what}_body_path`]: known.bodyPath } };
  if (known ?? input ?? !isObject(page.body)) return { name, options: { [`${what}_param`]: name } };
  return { name, options: { [`${what}_body_path`]: graphqlPath(page.body, name) ?? name } };
}

/** Returns the path of the variable that a GraphQL query takes for the cursor, as in `orders(after: $cursor)`. */
function graphqlPath(body: JsonObject, name: string): string | undefined {
  const { query, variables } = body;
  if (typeof query !== "string" || !(isObject(variables) || /[{(]/.test(query))) return undefined;
  const variable = /\bafter\s*:\s*\$(\w+)/.exec(query)?.[1];
  return `variables.${variable ?? name}`;
}

/** Possible names of a parameter. */
export interface Names {
  /** Names in words, the likeliest first. */
  readonly words: readonly string[];
  /** Name in the response whose style a new parameter follows. */
  readonly like: string;
}

/**
 * Joins words in the style of a name: `page token` like `nextPageToken` is `pageToken`, like `next_cursor` it is
 * `page_token`.
 */
export function inStyleOf(name: string, words: string): string {
  const parts = words.split(" ");
  const capitalise = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
  const bare = name.replace(/^[_$@]+/, "");
  if (/^[A-Z][a-z\d]/.test(bare)) return parts.map(capitalise).join("");
  if (/[a-z\d][A-Z]/.test(bare))
    return parts.map((part, index) => (index === 0 ? part : capitalise(part))).join("");
  return parts.join(bare.includes("-") ? "-" : "_");
}
