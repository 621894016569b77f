import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import { toJson, type ResourceIr } from "../ir/source-ir.js";
import type { FirstPage, OwnParam } from "./candidate.js";
import { inStyleOf, isRecord, walk, wordsOf } from "./words.js";

/** What a resource sends with every request, in the query and in a JSON body. */
export function collectParams(resource: ResourceIr): Omit<FirstPage, "exchange"> {
  const query = resource.query.map(({ name, value }): OwnParam => {
    return { name, words: wordsOf(name), value: value };
  });
  const template =
    resource.body?.type === "json" ? toJson(resource.body.options["template"] ?? null) : undefined;
  const body = [...walk(template, 4)].flatMap(({ path, name, words, value }): readonly OwnParam[] =>
    isRecord(value) || Array.isArray(value) || path.some((step) => step.includes("."))
      ? []
      : [{ name, words, value: value as JsonValue, bodyPath: path.join(".") }],
  );
  return {
    own: [...query, ...body],
    inputs: resource.params.map(({ name }) => name),
    ...(template !== undefined && { body: template }),
  };
}

/** The parameter of the spec whose name fits. */
export function ownParam({ own }: FirstPage, words: RegExp): OwnParam | undefined {
  return own.find((param) => words.test(param.words));
}

/** A whole number that a parameter of the spec holds, or that stands in its text. */
export function wholeOf(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** A parameter that takes a cursor or a number: its name, or its place in the JSON body. */
export interface Target {
  readonly name: string;
  /** The options of a paginator that say so: `{ cursor_param: "after" }`. */
  readonly options: JsonObject;
}

/**
 * Where a value goes: into a parameter that the spec or the method has already, else into one in the style of a name of the
 * response. Requests with a JSON body take it there, those of GraphQL among the variables.
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
  if (known ?? input ?? !isRecord(page.body)) return { name, options: { [`${what}_param`]: name } };
  const { query, variables } = page.body as { readonly query?: unknown; readonly variables?: unknown };
  const bodyPath = typeof query === "string" && isRecord(variables) ? `variables.${name}` : name;
  return { name, options: { [`${what}_body_path`]: bodyPath } };
}

/** What a parameter may be called. */
export interface Names {
  /** In words, the likeliest first. */
  readonly words: readonly string[];
  /** The name of the response whose style it has. */
  readonly like: string;
}
