import { createSyntheticSpec } from "./synthetic-spec.js";

interface Resource {
  readonly name: string;
  readonly description: string;
  readonly endpoint: { readonly path: string };
  readonly schema: object;
}

/** Creates the OpenAPI document of the API that a synthetic spec reads, for generators that read OpenAPI. */
export function createSyntheticOpenApi(count: number): object {
  const { resources, schemas } = createSyntheticSpec(count) as {
    readonly resources: readonly Resource[];
    readonly schemas: object;
  };
  const records = resources.map(({ schema }, index) => [recordName(index), schema] as const);
  return {
    openapi: "3.1.0",
    info: { title: `Synthetic ${count}`, version: "1.0.0" },
    servers: [{ url: "https://api.example.com" }],
    paths: Object.fromEntries(
      resources.map((resource, index) => [resource.endpoint.path, { get: operationOf(resource, index) }]),
    ),
    components: { schemas: withOpenApiRefs({ ...schemas, ...Object.fromEntries(records) }) },
  };
}

function recordName(index: number): string {
  return `Thing${index + 1}`;
}

function operationOf({ name, description }: Resource, index: number): object {
  const items = { type: "array", items: { $ref: `#/components/schemas/${recordName(index)}` } };
  const schema = { type: "object", properties: { items } };
  const parameters = ["page", "limit"].map((each) => ({
    name: each,
    in: "query",
    schema: { type: "integer" },
  }));
  const content = { "application/json": { schema } };
  const responses = { "200": { description: "One page.", content } };
  return { operationId: `list_${name}`, summary: description, parameters, responses };
}

function withOpenApiRefs(schemas: object): unknown {
  return JSON.parse(JSON.stringify(schemas).replaceAll("#/schemas/", "#/components/schemas/")) as unknown;
}
