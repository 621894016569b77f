import * as z from "zod";

import { checkBaseUrl } from "../resource/base-url.js";
import { checkClientHeader } from "../template/client-headers.js";
import { checkedText, checkHeaderValue, closed, headerName, optional } from "./grammar.js";
import { checkMethodName, checkResourceName, checkTypeName } from "../identifiers.js";
import { authGrammar, endpointGrammar, endpointKeys, paginatorGrammar, formatKeys } from "./endpoint.js";
import { kindOf } from "../kinds.js";
import { rowsOf } from "../options.js";
import { hintKeys } from "./hints.js";
import { incrementalKeys } from "./incremental.js";
import { familyKeys, keysOfKind } from "./kinds.js";
import { retryKeys } from "./policies.js";
import { jsonSchemaGrammar } from "./record-schema.js";
import { splitKeys, stepKeys, stepsGrammar } from "./processing-steps.js";
import type { TextProblem } from "../template/placeholders.js";
import { once } from "../values.js";
import { quote } from "../wording.js";

/** The keys of a resource that are also valid in `resource_defaults`. */
const commonKeys = once(() => ({
  ...splitKeys(),
  processing_steps: optional(stepsGrammar, {
    description:
      "Transformations applied to each page, in order. Within one step, `filter` and `map` come first.",
    examples: [[{ where: { status: "active" } }, { rename: { createdAt: "created_at" } }, { map: true }]],
  }),
  ...hintKeys(),
}));

const resourceKeys = once(() => ({
  name: checkedText(checkResourceName).meta({
    description:
      "The name of the resource. The names of the generated method and of the record's interface derive from it.",
    examples: ["courses"],
  }),
  description: optional(z.string(), { description: "The documentation of the generated method." }),
  endpoint: optional(z.union([z.string(), endpointGrammar]), {
    description: "The request of the resource, or just its path.",
  }),
  records: familyKeys("plan")["records"] ?? z.never(),
  ...commonKeys(),
  record_type: optional(checkedText(checkTypeName), {
    description: "The name of the record's interface. Default: the resource's name in the singular.",
    examples: ["Course"],
  }),
  method_name: optional(checkedText(checkMethodName), {
    description: "The name of the generated method. Default: the resource's name in camelCase.",
    examples: ["courses"],
  }),
}));

const resource = closed(resourceKeys).meta({
  id: "resource",
  description: "One list of records that the API returns.",
});

const checkClientHeaderValue = (text: string): readonly TextProblem[] => [
  ...checkHeaderValue(text),
  ...checkClientHeader(text),
];

const clientKeys = once(() => ({
  base_url: checkedText(checkBaseUrl).meta({
    description: "The URL that all paths are appended to. It may contain `{config.name}`.",
    examples: ["https://api.example.com", "https://{config.subdomain}.example.com/api/v2"],
  }),
  headers: optional(z.record(headerName, checkedText(checkClientHeaderValue)), {
    description:
      "Headers of every request. They may contain `{secrets.name}` and `{config.name}`. All other braces are sent unchanged.",
    examples: [{ Accept: "application/json" }],
  }),
  auth: optional(authGrammar, { description: "The authentication of every request." }),
  cookies: optional(z.boolean(), {
    description: `Whether the client keeps cookies. ${kindOf("cookies").summary}`,
    default: false,
  }),
  paginator: optional(paginatorGrammar, {
    description: "The paginator of resources without one of their own.",
  }),
  ...formatKeys(),
}));

const client = closed(clientKeys).meta({
  id: "client",
  description: "The settings that all requests share.",
});

/** How date-times appear in records. */
export const dateForms = ["string", "Date"] as const;

const outputKeys = once(() => ({
  dates: optional(z.enum(dateForms), {
    description:
      "How date-times appear in records: as the API's text, or as `Date`. They are the fields with the format `date-time`, and the columns of type `timestamp`.",
    default: "string",
    examples: ["Date"],
  }),
}));

const rootKeys = once(() => ({
  $schema: z
    .string()
    .meta({ description: "The URL or path of the spec language's JSON Schema, for editors." })
    .optional(),
  name: optional(checkedText(checkSourceName), {
    description:
      "The name of the source. It determines the names of the module and of its environment variables, and appears in errors. Default: the file's name.",
    examples: ["analytics"],
  }),
  type_name: optional(checkedText(checkTypeName), {
    description:
      "The name of the source in types and documentation: `GitHub` gives `createGitHub` and `GitHubOptions`. Default: `name` in PascalCase.",
    examples: ["GitHub", "LMS"],
  }),
  description: optional(z.string(), { description: "The documentation of the generated module." }),
  docs_url: optional(z.string(), { description: "The URL of the API's documentation." }),
  output: optional(closed(outputKeys), {
    description: "What the generated module returns.",
    examples: [{ dates: "Date" }],
  }),
  client,
  resource_defaults: optional(
    closed(() => ({
      endpoint: optional(endpointGrammar, {
        description: "Defaults of every endpoint. `params` and `json` are merged with those of the resource.",
      }),
      ...commonKeys(),
    })),
    {
      description: "Defaults of every resource.",
      examples: [{ primary_key: "id", write_disposition: "merge" }],
    },
  ),
  resources: z.array(z.union([checkedText(checkResourceName), resource])).meta({
    description: "The lists of records to read. A text alone is both the name and the path of a resource.",
  }),
  schemas: optional(z.record(z.string(), jsonSchemaGrammar), {
    description: 'JSON Schemas that several resources share. Refer to one as `{ "$ref": "#/schemas/User" }`.',
    examples: [{ User: { type: "object", properties: { id: { type: "integer" } } } }],
  }),
}));

/** The grammar of the spec language. */
export const specGrammar: z.ZodType = closed(rootKeys).meta({
  title: "connector-gen spec",
  description:
    "Describes how to read one REST API. connector-gen generates a typed TypeScript module from it.",
});

/** The keys of each object, for messages about a key in the wrong object. */
export const keyHomes: () => readonly (readonly [home: string, keys: readonly string[]])[] = once(() => [
  ["endpoint", Object.keys(endpointKeys())],
  ["client", Object.keys(clientKeys())],
  ["retry", Object.keys(retryKeys())],
  ["rate_limit", Object.keys(keysOfKind(kindOf("limiter")))],
  ["endpoint.incremental", Object.keys(incrementalKeys())],
  ["response_actions", ruleKeys()],
  ["processing_steps", Object.keys(stepKeys())],
  ["output", Object.keys(outputKeys())],
  ["a resource", Object.keys(resourceKeys())],
  ["the spec", Object.keys(rootKeys())],
]);

/** Returns the problem with the name of a source, if there is one. */
export function checkSourceName(text: string): readonly { code: string; message: string }[] {
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,99}$/u.test(text)) return [];
  return [
    {
      code: "invalid-value",
      message: `invalid name ${quote(text)}: use at most 100 letters, digits, spaces, ".", "_" and "-", and start with a letter or digit`,
    },
  ];
}

/** The keys of one rule of `response_actions`. */
function ruleKeys(): readonly string[] {
  const { rules } = kindOf("actions").options;
  return rowsOf(rules?.items ?? {}).map(({ key }) => key);
}
