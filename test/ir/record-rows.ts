import { card, iban, schemas, text, whole, type Row } from "./schema-rows.js";

/** Schemas of the resource `items`, and all types of its module. */
export const records: readonly Row[] = [
  { name: "a record that is a string", schema: text, want: "type Item = string;" },
  {
    name: "a nullable record",
    schema: { type: ["object", "null"], properties: { a: text } },
    want: ["type Item = ItemObject | null;", "interface ItemObject { a?: string }"],
  },
  {
    name: "a record that is a union",
    schema: {
      oneOf: [card, iban],
    },
    want: [
      "type Item = ItemCard | ItemIban;",
      'interface ItemCard { kind: "card"; last4: string }',
      'interface ItemIban { kind: "iban"; iban: string }',
    ],
  },
  {
    name: "a record that is a list",
    schema: { type: "array", items: { type: "object", properties: { a: text } } },
    want: ["type Item = ItemItem[];", "interface ItemItem { a?: string }"],
  },
  {
    name: "a record that contains records: $ref #",
    schema: { type: "object", properties: { id: whole, children: { type: "array", items: { $ref: "#" } } } },
    want: "interface Item { id?: number; children?: Item[] }",
  },
  {
    name: "a definition that contains itself",
    schema: {
      type: "object",
      properties: { tree: { $ref: "#/definitions/Tree" } },
      definitions: { Tree: { type: "object", properties: { left: { $ref: "#/definitions/Tree" } } } },
    },
    want: ["interface Item { tree?: Tree }", "interface Tree { left?: Tree }"],
  },
  {
    name: "references to anchors",
    schema: {
      type: "object",
      properties: { node: { $ref: "#node" } },
      $defs: { Node: { $anchor: "node", type: "object", properties: { next: { $dynamicRef: "#node" } } } },
    },
    want: ["interface Item { node?: Node }", "interface Node { next?: Node }"],
  },
  {
    name: "a reference to another field",
    schema: {
      type: "object",
      properties: {
        billing: { type: "object", properties: { city: text } },
        shipping: { $ref: "#/properties/billing" },
      },
    },
    want: [
      "interface Item { billing?: ItemsBilling; shipping?: ItemsBilling }",
      "interface ItemsBilling { city?: string }",
    ],
  },
  {
    name: "a reference to a field of a shared schema",
    schema: { type: "object", properties: { user_id: { $ref: "#/schemas/User/properties/id" } } },
    schemas,
    want: ["interface Item { user_id?: UserId }", "type UserId = number;"],
  },
  {
    name: "a shared schema that refers to itself",
    schema: { $ref: "#/schemas/Comment" },
    schemas: {
      Comment: { type: "object", properties: { replies: { type: "array", items: { $ref: "#" } } } },
    },
    want: "interface Comment { replies?: Comment[] }",
  },
  {
    name: "equal objects with one title",
    schema: {
      type: "object",
      properties: {
        billing: { title: "Address", type: "object", properties: { city: text } },
        shipping: { title: "Address", type: "object", properties: { city: text } },
      },
    },
    want: ["interface Item { billing?: Address; shipping?: Address }", "interface Address { city?: string }"],
  },
  {
    name: "different objects with one title",
    schema: {
      type: "object",
      properties: {
        billing: { title: "Address", type: "object", properties: { city: text } },
        shipping: { title: "Address", type: "object", properties: { town: text } },
      },
    },
    want: [
      "interface Item { billing?: ItemBilling; shipping?: ItemShipping }",
      "interface ItemBilling { city?: string }",
      "interface ItemShipping { town?: string }",
    ],
  },
  {
    name: "a required name without a property",
    schema: { type: "object", required: ["id", "ghost"], properties: { id: whole } },
    want: "interface Item { id: number; ghost: JsonValue }",
  },
  {
    name: "dlt columns of every type",
    columns: {
      id: { data_type: "bigint", nullable: false },
      name: { data_type: "text" },
      price: { data_type: "decimal" },
      share: { data_type: "double" },
      active: { data_type: "bool" },
      at: { data_type: "timestamp" },
      on: { data_type: "date" },
      extra: { data_type: "json" },
      bytes: { data_type: "binary" },
    },
    want:
      "interface Item { id: number; name?: string | null; price?: number | null; share?: number | null; " +
      "active?: boolean | null; at?: string | null; on?: string | null; extra?: JsonValue; bytes?: string | null }",
  },
  {
    name: "columns beside a schema that refers to itself",
    schema: { type: "object", properties: { child: { $ref: "#" } } },
    columns: { id: { data_type: "bigint", nullable: false } },
    want: "interface Item { child?: Item; id: number }",
  },
];
