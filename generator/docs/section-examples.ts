import type { JsonObject } from "@connector-gen/runtime";
import { kindOf, type Family } from "../spec/kinds.js";

/**
 * Examples of whole objects by the titles of their sections. Together with the examples in the grammar, they show every
 * key.
 */
export const sectionExamples: Readonly<Record<string, readonly JsonObject[]>> = {
  "The spec": [
    {
      $schema: "./node_modules/connector-gen/schema.json",
      name: "shop",
      type_name: "Shop",
      description: "Orders and customers of the shop.",
      docs_url: "https://api.example.com/docs",
      client: { base_url: "https://api.example.com/v1", auth: "bearer", paginator: "header_link" },
      resource_defaults: { primary_key: "id", endpoint: { data_selector: "items" } },
      resources: [
        { name: "customers", schema: { $ref: "#/schemas/Customer" } },
        {
          name: "orders",
          endpoint: { path: "/orders", params: { status: "paid" } },
          schema: {
            type: "object",
            properties: { id: { type: "integer" }, customer: { $ref: "#/schemas/Customer" } },
          },
        },
      ],
      schemas: { Customer: { type: "object", required: ["id"], properties: { id: { type: "integer" } } } },
    },
  ],
  client: [
    {
      base_url: "https://{config.subdomain}.example.com/api/v2",
      headers: { "X-Tenant": "{config.tenant}" },
      auth: { type: "api_key", name: "X-API-Key" },
      cookies: true,
      paginator: { type: "cursor", cursor_path: "meta.next" },
      array_format: "comma",
      object_format: "deep",
      data_selector_required: false,
      retry: { max_retries: 6 },
      rate_limit: { requests: 10, per: "second" },
      timeout: 30,
    },
  ],
  resource_defaults: [{ primary_key: "id", endpoint: { data_selector: "items", params: { per_page: 100 } } }],
  "resources[]": [
    {
      name: "posts",
      description: "Posts of every user, newest first.",
      endpoint: {
        path: "/users/{resources.users.id}/posts",
        data_selector: "items",
        paginator: "single_page",
      },
      include_from_parent: ["id"],
      processing_steps: [{ remove: ["internal"] }],
      primary_key: "id",
      write_disposition: "merge",
      schema: { type: "object", required: ["id"], properties: { id: { type: "integer" } } },
      selected: false,
      record_type: "Post",
      method_name: "postsOfUsers",
    },
    {
      name: "days",
      endpoint: { path: "/days", data_selector: "items", paginator: "single_page" },
      merge_key: "day",
      write_disposition: { disposition: "merge", strategy: "delete-insert" },
      columns: { day: { data_type: "date", nullable: false } },
      parallelized: true,
      max_table_nesting: 1,
      table_name: "calendar",
      parent_table_name: "years",
      table_format: "delta",
      file_format: "parquet",
      schema_contract: { columns: "freeze" },
      references: [{ referenced_table: "years", columns: ["year"], referenced_columns: ["id"] }],
      nested_hints: { events: { write_disposition: "append" } },
    },
  ],
  "JSON Schema": [
    {
      title: "Order",
      description: "An order.",
      type: "object",
      required: ["id", "lines"],
      properties: {
        id: { type: "integer", big_integers: "string", examples: [1, 2] },
        state: { enum: ["open", "paid"], default: "open" },
        kind: { const: "order" },
        at: { type: "string", format: "date-time", nullable: true },
        lines: { type: "array", items: { $ref: "#/$defs/Line" } },
        point: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }] },
        payment: { oneOf: [{ type: "string" }, { type: "integer" }] },
        note: { anyOf: [{ type: "string" }, { type: "null" }], deprecated: true },
        address: { allOf: [{ type: "object", properties: { city: { type: "string" } } }] },
        labels: { type: "object", additionalProperties: { type: "string" } },
      },
      $defs: { Line: { type: "object", required: ["sku"], properties: { sku: { type: "string" } } } },
    },
  ],
  retry: [{ max_retries: 8, backoff_factor: 0.5, max_delay: 60, statuses: [429, 503], max_wait: 600 }],
  endpoint: [
    {
      path: "/graphql",
      method: "POST",
      json: { query: "{ posts(after: $after) { id } }", variables: { region: "{partitions.region}" } },
      raw: true,
      headers: { "X-Client": "connector" },
      data_selector: "data.posts",
      paginator: { type: "cursor", cursor_path: "data.cursor", cursor_body_path: "variables.after" },
      response_actions: [{ json_path: "errors[0].code", equals: "RATE_LIMITED", action: "retry" }],
      retry: { max_retries: 2 },
      rate_limit: { concurrency: 2 },
      timeout: 120,
      big_integers: "string",
      foreign_origins: "error",
    },
    {
      path: "/exports/posts.csv",
      params: { ids: [1, 2, 3], range: { from: "{incremental.start_value}" } },
      array_format: "brackets",
      object_format: "brackets",
      data_selector_required: false,
      decoder: { type: "csv", delimiter: ";" },
      auth: null,
      paginator: "none",
      incremental: { cursor_path: "updated_at", initial_value: "2024-01-01" },
    },
  ],
  "include_from_parent[]": [{ path: "owner.name", as: "owner_name" }],
  "processing_steps[]": [
    { filter: true, map: true },
    { remove: ["internal"], flatten: true },
  ],
  write_disposition: [
    {
      disposition: "merge",
      strategy: "scd2",
      deduplicated: true,
      validity_column_names: ["valid_from", "valid_to"],
      active_record_timestamp: "9999-12-31",
      boundary_timestamp: "2024-01-01",
      row_version_column_name: "row_hash",
    },
  ],
  "columns.<name>": [
    {
      data_type: "decimal",
      precision: 10,
      scale: 2,
      nullable: false,
      description: "In euros.",
      name: "price",
    },
    {
      data_type: "timestamp",
      timezone: true,
      sort: true,
      partition: true,
      cluster: false,
      dedup_sort: "desc",
    },
    { data_type: "bool", hard_delete: true },
    { primary_key: true, merge_key: false, unique: true, row_key: true, parent_key: false, root_key: false },
  ],
  "columns[]": [{ name: "id", data_type: "bigint", nullable: false }],
  schema_contract: [{ tables: "evolve", columns: "discard_value", data_type: "freeze" }],
  "references[]": [
    {
      referenced_table: "users",
      columns: ["user_id"],
      referenced_columns: ["id"],
      label: "author",
      cardinality: "many_to_one",
    },
  ],
  "params.<name> (input)": [
    { type: "input", schema: { type: "string", format: "date-time" }, required: true, in: "header" },
  ],
  "params.<name> (resolve)": [{ type: "resolve", resource: "users", field: "id" }],
  "params.<name> (incremental)": [{ type: "incremental", cursor_path: "updated_at", initial_value: 0 }],
  export_job: examplesOfKind("plan", "export_job"),
  "data_layout (keyed)": examplesOfKind("layout", "keyed"),
  "data_layout (rows)": examplesOfKind("layout", "rows"),
  incremental: [
    {
      cursor_path: "version",
      initial_value: 100,
      last_value_func: "min",
      start_param: "below",
      end_param: "above",
      allow_external_schedulers: false,
    },
  ],
};

function examplesOfKind(family: Family, type: string): readonly JsonObject[] {
  return kindOf(family, type).examples as readonly JsonObject[];
}
