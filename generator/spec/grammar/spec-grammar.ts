import { z } from "zod";

import { checkBaseUrl } from "../resource/base-url.js";
import { checkClientHeader } from "../template/client-headers.js";
import { checkedText, closed, optional } from "./grammar.js";
import { checkMethodName, checkTypeName } from "../identifiers.js";
import { authGrammar, endpointGrammar, endpointKeys, paginatorGrammar, wireKeys } from "./endpoint.js";
import { kindOf } from "../kinds.js";
import { rowsOf } from "../options.js";
import { hintKeys } from "./hints.js";
import { incrementalKeys } from "./incremental.js";
import { keysOfKind } from "./kinds.js";
import { retryKeys } from "./policies.js";
import { jsonSchemaGrammar } from "./record-schema.js";
import { splitKeys, stepKeys, stepsGrammar } from "./processing-steps.js";
import { quote } from "../wording.js";

/** What a resource may say besides its name; `resource_defaults` may say it for all. */
const commonKeys = {
  ...splitKeys,
  processing_steps: optional(stepsGrammar, {
    description: "What becomes of the records, step by step; in one step `filter` and `map` come first.",
    examples: [[{ where: { status: "active" } }, { rename: { createdAt: "created_at" } }, { map: true }]],
  }),
  ...hintKeys,
};

const resourceKeys = {
  name: checkedText((text) =>
    text.trim() === ""
      ? [{ code: "invalid-value", message: "a resource needs a name that is not empty" }]
      : [],
  ).meta({
    description: "The resource's name; the generated method and record are named after it.",
    examples: ["courses"],
  }),
  description: optional(z.string(), { description: "Becomes the documentation of the method." }),
  endpoint: optional(z.union([z.string(), endpointGrammar]), {
    description: "How the resource is requested, or only its path.",
  }),
  ...commonKeys,
  record_type: optional(checkedText(checkTypeName), {
    description: "The name of the record's interface; the resource's name in singular when left out.",
    examples: ["Course"],
  }),
  method_name: optional(checkedText(checkMethodName), {
    description: "The name of the generated method; the resource's name in camelCase when left out.",
    examples: ["courses"],
  }),
};

const resource = closed(resourceKeys).meta({ id: "resource", description: "One list of records." });

const clientKeys = {
  base_url: checkedText(checkBaseUrl).meta({
    description: "The URL that all paths begin with. May hold `{config.name}`.",
    examples: ["https://api.example.com", "https://{config.subdomain}.example.com/api/v2"],
  }),
  headers: optional(z.record(z.string().min(1), checkedText(checkClientHeader)), {
    description:
      "Headers of every request. May hold `{secrets.name}` and `{config.name}`; all other braces are sent as they are.",
    examples: [{ Accept: "application/json" }],
  }),
  auth: optional(authGrammar, { description: "How every request is authenticated." }),
  paginator: optional(paginatorGrammar, {
    description: "How pages follow each other where a resource does not say.",
  }),
  ...wireKeys,
};

const client = closed(clientKeys).meta({ id: "client", description: "What all requests have in common." });

const rootKeys = {
  $schema: z.string().meta({ description: "The JSON Schema of this language, for editors." }).optional(),
  name: optional(checkedText(checkSourceName), {
    description:
      "The source's name. It names the module, its environment variables and the source in errors. Default: the file's name.",
    examples: ["analytics"],
  }),
  type_name: optional(checkedText(checkTypeName), {
    description:
      "The source's name in types and documentation: `GitHub` gives `createGitHub` and `GitHubOptions`. Default: the source's name in PascalCase.",
    examples: ["GitHub", "LMS"],
  }),
  description: optional(z.string(), { description: "Becomes the documentation of the module." }),
  docs_url: optional(z.string(), { description: "Where the API is documented." }),
  client,
  resource_defaults: optional(
    closed({
      endpoint: optional(endpointGrammar, {
        description: "Defaults of every endpoint; params and json are merged.",
      }),
      ...commonKeys,
    }),
    {
      description: "What holds for every resource that does not say otherwise.",
      examples: [{ primary_key: "id", write_disposition: "merge" }],
    },
  ),
  resources: z.array(z.union([z.string(), resource])).meta({
    description: "The lists of records that the API has; text alone is a name that is also the path.",
  }),
  schemas: optional(z.record(z.string(), jsonSchemaGrammar), {
    description: 'JSON Schemas that several resources use, as `{ "$ref": "#/schemas/User" }`.',
    examples: [{ User: { type: "object", properties: { id: { type: "integer" } } } }],
  }),
};

/** The grammar of the spec language. */
export const specGrammar: z.ZodType = closed(rootKeys).meta({
  title: "connector-gen spec",
  description: "How one REST API is read: connector-gen makes a typed TypeScript module from it.",
});

/** Where keys belong: for messages about a key that stands in the wrong object. */
export const KEY_HOMES: readonly (readonly [place: string, keys: readonly string[]])[] = [
  ["endpoint", Object.keys(endpointKeys)],
  ["client", Object.keys(clientKeys)],
  ["retry", Object.keys(retryKeys)],
  ["rate_limit", Object.keys(keysOfKind(kindOf("limiter")))],
  ["endpoint.incremental", Object.keys(incrementalKeys)],
  ["response_actions", ruleKeys()],
  ["processing_steps", Object.keys(stepKeys)],
  ["a resource", Object.keys(resourceKeys)],
  ["the spec", Object.keys(rootKeys)],
];

function checkSourceName(text: string): readonly { code: string; message: string }[] {
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,99}$/u.test(text)) return [];
  return [
    { code: "invalid-value", message: `${quote(text)} is no name for a file: use letters, digits, - and _` },
  ];
}

/** The keys of one rule of `response_actions`. */
function ruleKeys(): readonly string[] {
  const { rules } = kindOf("actions").options;
  return rowsOf(rules?.items ?? {}).map(({ key }) => key);
}
