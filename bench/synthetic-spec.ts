/** Fields of each resource of a synthetic spec. */
export const fieldCount = 30;

/** Creates a spec with a number of resources. They have the same size and different names. */
export function createSyntheticSpec(resources: number): object {
  return {
    name: `synthetic-${resources}`,
    client: { base_url: "https://api.example.com", auth: { type: "bearer" } },
    resource_defaults: { primary_key: "id", write_disposition: "merge" },
    resources: Array.from({ length: resources }, (_, index) => createResource(index + 1)),
    schemas: { Person: createPerson() },
  };
}

function createResource(number: number): object {
  return {
    name: `things_${number}`,
    description: `Things of kind ${number}, in the order in which they were made.`,
    endpoint: {
      path: `/v1/things_${number}`,
      data_selector: "items",
      paginator: { type: "page_number", limit: 100, start_from_page: 1 },
    },
    schema: {
      type: "object",
      description: `A thing of kind ${number}.`,
      required: Array.from({ length: fieldCount / 2 }, (_, index) => fieldName(index)),
      properties: Object.fromEntries(
        Array.from({ length: fieldCount }, (_, index) => [fieldName(index), createField(index, number)]),
      ),
    },
  };
}

function fieldName(index: number): string {
  return index === 0 ? "id" : `field_${index}`;
}

/**
 * Creates a field. Half of the fields are scalars; the others need more work: enums, lists, nested objects and
 * references.
 */
function createField(index: number, number: number): object {
  const description = `What field ${index} says of a thing of kind ${number}.`;
  const kinds: readonly object[] = [
    { type: "integer", description },
    { type: ["string", "null"], description },
    { type: "string", enum: ["draft", "published", `archived_${number}`], description },
    { type: "string", format: "date-time", description },
    { type: "array", items: { type: "string" }, description },
    { type: "boolean" },
    { type: "object", properties: { amount: { type: "number" }, currency: { type: "string" } }, description },
    { type: "number", description },
    { anyOf: [{ $ref: "#/schemas/Person" }, { type: "null" }], description },
    { type: "string" },
  ];
  return kinds[index % kinds.length] ?? {};
}

function createPerson(): object {
  return {
    type: "object",
    required: ["id", "name"],
    properties: { id: { type: "integer" }, name: { type: "string" }, email: { type: ["string", "null"] } },
  };
}
