import { z } from "zod";

import { checkedText, closed, optional } from "./grammar.js";
import { incrementalGrammar, incrementalParam } from "./incremental.js";
import { kindOf } from "../kinds.js";
import { familyKeys, kindGrammar, keysOfKind } from "./kinds.js";
import { checkSelector } from "./options.js";
import { policyKeys } from "./policies.js";
import { jsonSchemaGrammar } from "./record-schema.js";
import type { SpecValueInput } from "../spec.js";
import { own } from "../values.js";
import { didYouMean, list, quote } from "../wording.js";

/** The request methods that read. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;

/** Where an input parameter goes. */
const PLACES = ["query", "path", "header", "body"] as const satisfies readonly SpecValueInput["in"][];

/** The grammar of `auth`. */
export const authGrammar: z.ZodType = kindGrammar("auth");

/** The grammar of `paginator`. */
export const paginatorGrammar: z.ZodType = kindGrammar("paginator");

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const input = closed({
  type: z.literal("input").meta({ description: "A parameter of the generated method." }),
  schema: jsonSchemaGrammar.meta({ description: "The schema of its values. Default: text." }).optional(),
  required: optional(z.boolean(), {
    description: "Whether callers must give it; a parameter of the path always is.",
  }),
  in: optional(z.enum(PLACES), {
    description: "Where it goes: into the path when the path names it, else into the query.",
  }),
}).meta({ description: "A parameter of the generated method." });

const resolve = closed({
  type: z
    .literal("resolve")
    .meta({ description: "A parent's field; better `{resources.parent.field}` in the path." }),
  resource: z.string().min(1).meta({ description: "The parent." }),
  field: checkedText(checkSelector).meta({ description: "The field of the parent's record." }),
}).meta({ description: "dlt's oldest spelling of `{resources.parent.field}` in the path." });

/** An object that goes into the query; with a `type` it would be taken for another sort of parameter. */
const nested = z
  .record(z.string(), z.unknown())
  .check((payload) => {
    if (own(payload.value, "type") === undefined) return;
    payload.issues.push({ code: "invalid_type", expected: "object", input: payload.value });
  })
  .meta({ not: { required: ["type"] }, description: "An object, written as `object_format` says." });

const params = z.record(
  z.string(),
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(scalar),
    z.discriminatedUnion("type", [input, resolve, incrementalParam]),
    nested,
  ]),
);

const method = checkedText((text) => {
  if (METHODS.some((name) => name === text.toUpperCase())) return [];
  const message = `unknown method ${quote(text)}: valid methods are ${list(METHODS)}${didYouMean(text.toUpperCase(), METHODS)}`;
  return [{ code: "unknown-value", message }];
}).meta({
  anyOf: [{ enum: [...METHODS] }, { pattern: `^(?:${METHODS.map(anyCase).join("|")})$` }],
});

/** How requests and responses are written: the same for client and endpoint. */
export const wireKeys: z.ZodRawShape = {
  ...keysOfKind(kindOf("encoder")),
  data_selector_required: optional(z.boolean(), {
    description: "Whether it is an error when the selector finds nothing; if not, the page is empty.",
    default: true,
  }),
  ...policyKeys,
};

/** The keys of an endpoint. */
export const endpointKeys: z.ZodRawShape = {
  path: optional(z.string(), {
    description:
      "The path of the resource relative to `base_url`, or a whole URL. `{name}` is a parameter of `params`, `{resources.parent.field}` for a field of another resource's records. The resource's name when left out.",
    examples: ["/v1/courses", "/repos/{owner}/{repo}/issues", "/users/{resources.users.id}/posts"],
  }),
  method: optional(method, { description: "The request method.", default: "GET" }),
  params: optional(params, {
    description:
      'Query and path parameters: fixed values, texts with placeholders, or `{ "type": "input" }` for a parameter of the method.',
    examples: [
      { per_page: 100, state: "all" },
      { since: { type: "input", schema: { type: "string" } } },
      { updated_after: "{incremental.start_value}" },
    ],
  }),
  ...familyKeys("body"),
  raw: optional(z.boolean(), {
    description:
      "Whether braces in `json` and `data` stand for themselves, as in GraphQL; only a text that is one placeholder and nothing else is filled in.",
    default: false,
  }),
  headers: optional(z.record(z.string().min(1), z.string().nullable()), {
    description: "Headers of this resource's requests, over the client's.",
  }),
  data_selector: optional(
    checkedText((text) => (text === "" ? [] : checkSelector(text))),
    {
      description: "Where the records are in the response.",
      examples: ["items", "data.results", "$", "['@odata.value']"],
    },
  ),
  paginator: optional(paginatorGrammar, {
    description: "How pages follow each other. Default: the client's paginator.",
  }),
  incremental: optional(incrementalGrammar, { description: "Reads only what is new since the last run." }),
  ...familyKeys("actions"),
  decoder: optional(kindGrammar("decoder"), { description: "How the body is read.", default: "json" }),
  auth: optional(authGrammar, {
    description: "How requests are authenticated. Default: the client's scheme; `null` sends no credentials.",
  }),
  ...wireKeys,
};

/** The grammar of an endpoint. */
export const endpointGrammar: z.ZodType = closed(endpointKeys).meta({
  id: "endpoint",
  description: "How the resource is requested.",
});

function anyCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`);
}
