import * as z from "zod";

import { checkedText, checkHeaderValue, closed, headerName, optional } from "./grammar.js";
import { incrementalGrammar, incrementalParam } from "./incremental.js";
import { kindOf } from "../kinds.js";
import { familyKeys, kindGrammar, keysOfKind } from "./kinds.js";
import { checkSelector } from "./options.js";
import { policyKeys } from "./policies.js";
import { jsonSchemaGrammar } from "./record-schema.js";
import type { SpecValueInput } from "../spec.js";
import { once, own } from "../values.js";
import { didYouMean, list, quote } from "../wording.js";

/** The accepted request methods. */
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;

/** The locations of an input parameter. */
const locations = ["query", "path", "header", "body"] as const satisfies readonly SpecValueInput["in"][];

/** The grammar of `auth`. */
export const authGrammar: z.ZodType = kindGrammar("auth");

/** The grammar of `paginator`. */
export const paginatorGrammar: z.ZodType = kindGrammar("paginator");

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const input = closed(() => ({
  type: z.literal("input").meta({ description: "A parameter of the generated method." }),
  schema: jsonSchemaGrammar.meta({ description: "The schema of its values. Default: text." }).optional(),
  required: optional(z.boolean(), {
    description: "Whether callers must pass it. Path parameters are always required.",
  }),
  in: optional(z.enum(locations), {
    description: "Its location. Default: the path if the path names it, else the query.",
  }),
})).meta({ description: "A parameter of the generated method." });

const resolve = closed(() => ({
  type: z
    .literal("resolve")
    .meta({ description: "A field of a parent. Prefer `{resources.parent.field}` in the path." }),
  resource: z.string().min(1).meta({ description: "The parent." }),
  field: checkedText(checkSelector).meta({ description: "The field of the parent's record." }),
})).meta({ description: "The oldest form of `{resources.parent.field}` in dlt." });

/** An object in the query. With a `type`, it would be a parameter of another kind. */
const nested = z
  .record(z.string(), z.unknown())
  .check((payload) => {
    if (own(payload.value, "type") === undefined) return;
    payload.issues.push({ code: "invalid_type", expected: "object", input: payload.value });
  })
  .meta({ not: { required: ["type"] }, description: "An object, encoded according to `object_format`." });

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
  if (methods.some((name) => name === text.toUpperCase())) return [];
  const message = `unknown method ${quote(text)}: valid methods are ${list(methods)}${didYouMean(text.toUpperCase(), methods)}`;
  return [{ code: "unknown-value", message }];
}).meta({
  anyOf: [{ enum: [...methods] }, { pattern: `^(?:${methods.map(anyCase).join("|")})$` }],
});

/** The keys for formats and policies, which client and endpoint share. */
export const formatKeys: () => z.ZodRawShape = once(() => ({
  ...keysOfKind(kindOf("encoder")),
  data_selector_required: optional(z.boolean(), {
    description: "Whether a selector without a match is an error. If `false`, the page is empty.",
    default: true,
  }),
  ...policyKeys(),
}));

/** The keys of an endpoint. */
export const endpointKeys: () => z.ZodRawShape = once(() => ({
  path: optional(z.string(), {
    description:
      "The path of the resource relative to `base_url`, or a whole URL. `{name}` is a parameter of `params`; `{resources.parent.field}` is a field of another resource's records; a parameter of the paginator, such as `{page}`, `{offset}` or `{cursor}`, is sent in the path instead of the query. Default: the name of the resource.",
    examples: [
      "/v1/courses",
      "/repos/{owner}/{repo}/issues",
      "/users/{resources.users.id}/posts",
      "/items/page/{page}",
    ],
  }),
  method: optional(method, { description: "The request method.", default: "GET" }),
  params: optional(params, {
    description:
      'Query and path parameters: fixed values, text with placeholders, or `{ "type": "input" }` for a parameter of the method.',
    examples: [
      { per_page: 100, state: "all" },
      { since: { type: "input", schema: { type: "string" } } },
      { updated_after: "{incremental.start_value}" },
    ],
  }),
  ...familyKeys("body"),
  raw: optional(z.boolean(), {
    description:
      "Whether braces in `json` and `data` are literal, as in GraphQL. Only text that is exactly one placeholder is then replaced.",
    default: false,
  }),
  headers: optional(z.record(headerName, checkedText(checkHeaderValue).nullable()), {
    description: "Headers of the requests of this resource. They override those of the client.",
  }),
  data_selector: optional(
    checkedText((text) => (text === "" ? [] : checkSelector(text))),
    {
      description: "The selector of the records in the response.",
      examples: ["items", "data.results", "$", "['@odata.value']"],
    },
  ),
  data_layout: optional(kindGrammar("layout"), {
    description: "How the records are written at `data_selector`. Default: a list of records, or one record.",
    examples: ["columns", { type: "keyed", key_field: "code" }],
  }),
  paginator: optional(paginatorGrammar, {
    description: "The paginator. Default: that of the client.",
  }),
  ...familyKeys("pages"),
  export_job: familyKeys("plan")["export_job"] ?? z.never(),
  incremental: optional(incrementalGrammar, { description: "Reads only new records in later runs." }),
  ...familyKeys("actions"),
  decoder: optional(kindGrammar("decoder"), {
    description: "The decoder of response bodies.",
    default: "json",
  }),
  auth: optional(authGrammar, {
    description: "The auth scheme. Default: that of the client. `null`: none.",
  }),
  ...formatKeys(),
}));

/** The grammar of an endpoint. */
export const endpointGrammar: z.ZodType = closed(endpointKeys).meta({
  id: "endpoint",
  description: "The requests and responses of a resource.",
});

function anyCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`);
}
