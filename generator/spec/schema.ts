import { z } from "zod";

import { checkBaseUrl } from "./base-url.js";
import { checkedText, closed, optional } from "./grammar.js";
import { checkTypeName, checkMethodName } from "./identifiers.js";
import { checkTemplate } from "./placeholders.js";
import { checkSelector, kindGrammar } from "./schema-kinds.js";
import { columnsGrammar, jsonSchemaGrammar } from "./schema-record.js";
import { didYouMean, list, quote } from "./wording.js";

/** The request methods that read. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;

/** The write dispositions, dlt's. */
export const DISPOSITIONS = ["append", "replace", "merge", "skip"] as const;

/** Where an input parameter goes. */
const PLACES = ["query", "path", "header"] as const;

const auth = kindGrammar("auth");
const paginator = kindGrammar("paginator");
const template = checkedText((text) => checkTemplate(text, ["secrets", "config"]));

const status = z
  .union([
    z.int().min(100).max(599),
    checkedText((text) =>
      /^[1-5]xx$/i.test(text)
        ? []
        : [
            {
              code: "unknown-value",
              message: `${quote(text)} is no status: write a number such as 429, or "5xx"`,
            },
          ],
    ).meta({ pattern: "^[1-5][xX][xX]$" }),
  ])
  .meta({ description: 'A status (429), or a class of them ("5xx").' });

const retryKeys = {
  max_retries: optional(z.int().min(0), { description: "Attempts after the first.", default: 4 }),
  backoff_factor: optional(z.number().min(0), {
    description: "Seconds before the first retry at most; doubles with every further one.",
    default: 1,
  }),
  max_delay: optional(z.number().min(0), {
    description: "The longest delay that backing off leads to, in seconds.",
    default: 300,
  }),
  statuses: optional(z.array(status), {
    description: "The statuses that are tried again.",
    default: [429, "5xx"],
  }),
  max_wait: optional(z.number().min(0), {
    description: "The longest wait in seconds that a server may ask for; longer ones are an error.",
    default: 60,
  }),
};

const retry = closed(retryKeys).meta({
  id: "retry",
  description: "When and how often a failed request is tried again.",
  examples: [{ max_retries: 3, statuses: [429, "5xx"] }],
});

const timeout = z.number().gt(0);
const timeoutHint = { description: "Seconds that an attempt may take, the body included.", default: 60 };

const headers = z.record(z.string().min(1), template);

const scalar = z.union([template, z.number(), z.boolean(), z.null()]);

const input = closed({
  type: z.literal("input").meta({ description: "A parameter of the generated method." }),
  schema: jsonSchemaGrammar.meta({ description: "The schema of its values; text when left out." }).optional(),
  required: optional(z.boolean(), {
    description: "Whether callers must give it; a parameter of the path always is.",
  }),
  in: optional(z.enum(PLACES), {
    description: "Where it goes: into the path when the path names it, else into the query.",
  }),
}).meta({ description: "A parameter of the generated method." });

const params = z.record(
  z.string(),
  z.union([
    template,
    z.number(),
    z.boolean(),
    z.null(),
    z.array(scalar),
    z.discriminatedUnion("type", [input]),
  ]),
);

const method = checkedText((text) => {
  if (METHODS.some((name) => name === text.toUpperCase())) return [];
  const message = `${quote(text)} is no method: there are ${list(METHODS)}${didYouMean(text.toUpperCase(), METHODS)}`;
  return [{ code: "unknown-value", message }];
}).meta({
  anyOf: [{ enum: [...METHODS] }, { pattern: `^(?:${METHODS.map(anyCase).join("|")})$` }],
});

const endpointKeys = {
  path: optional(z.string(), {
    description:
      "Where the resource is, relative to `base_url`, or a whole URL. `{name}` stands for a parameter of `params`. The resource's name when left out.",
    examples: ["/v1/courses", "/repos/{owner}/{repo}/issues"],
  }),
  method: optional(method, { description: "The request method.", default: "GET" }),
  params: optional(params, {
    description:
      'Query and path parameters: fixed values, or `{ "type": "input" }` for a parameter of the method.',
    examples: [{ per_page: 100, state: "all" }, { since: { type: "input", schema: { type: "string" } } }],
  }),
  headers: optional(headers, { description: "Headers of this resource's requests, over the client's." }),
  data_selector: optional(checkedText(checkSelector), {
    description: "Where the records are in the response.",
    examples: ["items", "data.results", "$", "['@odata.value']"],
  }),
  paginator: optional(paginator, {
    description: "How the pages follow each other; the client's when left out.",
  }),
  auth: optional(auth, {
    description: "How requests are authenticated; the client's when left out, none when `null`.",
  }),
  retry: optional(retry, { description: "The retry policy, over the client's." }),
  timeout: optional(timeout, timeoutHint),
};

const endpoint = closed(endpointKeys).meta({ id: "endpoint", description: "How the resource is requested." });

const key = z.union([z.string().min(1), z.array(z.string().min(1))]);

const disposition = closed({
  disposition: z.enum(DISPOSITIONS).meta({ description: "The write disposition." }),
  strategy: optional(z.enum(["delete-insert", "scd2", "upsert", "insert-only"]), {
    description: "How rows are merged.",
  }),
  deduplicated: optional(z.boolean(), { description: "Whether incoming rows hold each key once." }),
  validity_column_names: optional(z.array(z.string()), {
    description: "scd2: the names of the validity columns.",
  }),
  active_record_timestamp: optional(z.string(), { description: "scd2: the end of rows that are valid." }),
  boundary_timestamp: optional(z.string(), { description: "scd2: the time at which versions change." }),
  row_version_column_name: optional(z.string(), { description: "scd2: the column of a row's version." }),
});

const hintKeys = {
  primary_key: optional(key, {
    description: "The field, or fields, that identify a record.",
    examples: ["id"],
  }),
  merge_key: optional(key, { description: "The field, or fields, whose records are replaced together." }),
  write_disposition: optional(z.union([z.enum(DISPOSITIONS), disposition]), {
    description: "What loading does with records that are there already.",
    default: "append",
  }),
  schema: optional(jsonSchemaGrammar, {
    description: "The JSON Schema of one record; the generated interface is made from it.",
    examples: [{ type: "object", required: ["id"], properties: { id: { type: "integer" } } }],
  }),
  columns: optional(columnsGrammar, {
    description: "dlt's columns, by name or as a list; merged into `schema`, which wins.",
    examples: [{ id: { data_type: "bigint", nullable: false } }],
  }),
  selected: optional(z.boolean(), {
    description: "Whether tools that read everything read it.",
    default: true,
  }),
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
  endpoint: optional(z.union([z.string(), endpoint]), {
    description: "How the resource is requested, or only its path.",
  }),
  ...hintKeys,
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
  headers: optional(headers, {
    description: "Headers of every request. May hold `{secrets.name}` and `{config.name}`.",
    examples: [{ Accept: "application/json" }],
  }),
  auth: optional(auth, { description: "How every request is authenticated." }),
  paginator: optional(paginator, {
    description: "How pages follow each other where a resource does not say.",
  }),
  retry: optional(retry, { description: "The retry policy." }),
  timeout: optional(timeout, timeoutHint),
};

const client = closed(clientKeys).meta({ id: "client", description: "What all requests have in common." });

const rootKeys = {
  $schema: z.string().meta({ description: "The JSON Schema of this language, for editors." }).optional(),
  name: optional(checkedText(checkSourceName), {
    description: "The source's name; the file's when left out.",
    examples: ["analytics"],
  }),
  description: optional(z.string(), { description: "Becomes the documentation of the module." }),
  docs_url: optional(z.string(), { description: "Where the API is documented." }),
  client,
  resource_defaults: optional(
    closed({
      endpoint: optional(endpoint, { description: "Defaults of every endpoint; params are merged." }),
      ...hintKeys,
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
  ["a resource", Object.keys(resourceKeys)],
  ["the spec", Object.keys(rootKeys)],
];

function checkSourceName(text: string): readonly { code: string; message: string }[] {
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,99}$/u.test(text)) return [];
  return [
    { code: "invalid-value", message: `${quote(text)} is no name for a file: use letters, digits, - and _` },
  ];
}

function anyCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`);
}
