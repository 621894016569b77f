import { card, iban, schemas, text, userType, whole, type Row } from "./schema-rows.js";

/** Unions, merged schemas and references as the field `value`, and its type, perhaps with other declarations. */
export const compositions: readonly Row[] = [
  {
    name: "a discriminated union",
    schema: {
      oneOf: [card, iban],
    },
    want: [
      "ItemValueCard | ItemValueIban",
      'interface ItemValueCard { kind: "card"; last4: string }',
      'interface ItemValueIban { kind: "iban"; iban: string }',
    ],
  },
  {
    name: "alternatives beside common properties",
    schema: { type: "object", properties: { id: whole }, required: ["id"], oneOf: [card, iban] },
    want: [
      "ItemValueCard | ItemValueIban",
      'interface ItemValueCard { id: number; kind: "card"; last4: string }',
      'interface ItemValueIban { id: number; kind: "iban"; iban: string }',
    ],
  },
  {
    name: "alternatives without a discriminator",
    schema: {
      anyOf: [
        { type: "object", properties: { id: whole, a: text }, required: ["a"] },
        { type: "object", properties: { id: whole, b: text }, required: ["b"] },
      ],
    },
    want: [
      "ItemValueWithA | ItemValueWithB",
      "interface ItemValueWithA { id?: number; a: string }",
      "interface ItemValueWithB { id?: number; b: string }",
    ],
  },
  {
    name: "nullable alternatives that are not discriminated",
    schema: {
      type: ["object", "null"],
      oneOf: [
        { type: "object", properties: { a: text }, required: ["a"] },
        { type: "object", properties: { b: text }, required: ["b"] },
      ],
    },
    want: [
      "ItemValueWithA | ItemValueWithB | null",
      "interface ItemValueWithA { a: string }",
      "interface ItemValueWithB { b: string }",
    ],
  },
  {
    name: "alternatives that only require",
    schema: {
      type: "object",
      required: ["id"],
      properties: { id: whole, name: text },
      anyOf: [{ required: ["id"] }, { required: ["name"] }],
    },
    want: ["ItemValue", "interface ItemValue { id: number; name?: string }"],
  },
  {
    name: "alternatives of formats",
    schema: { type: "string", anyOf: [{ format: "date" }, { format: "date-time" }] },
    want: "string",
  },
  {
    name: "an id or the object",
    schema: { anyOf: [text, { $ref: "#/schemas/User" }] },
    schemas,
    want: ["string | User", userType],
  },
  {
    name: "an OpenAPI discriminator with a mapping",
    schema: {
      oneOf: [{ $ref: "#/schemas/Cat" }, { $ref: "#/schemas/Dog" }],
      discriminator: { propertyName: "species", mapping: { cat: "#/schemas/Cat", dog: "#/schemas/Dog" } },
    },
    schemas: {
      Cat: {
        type: "object",
        required: ["species"],
        properties: { species: text, purrs: { type: "boolean" } },
      },
      Dog: {
        type: "object",
        required: ["species"],
        properties: { species: text, barks: { type: "boolean" } },
      },
    },
    want: [
      "Cat | Dog",
      'interface Cat { species: "cat"; purrs?: boolean }',
      'interface Dog { species: "dog"; barks?: boolean }',
    ],
  },

  {
    name: "allOf of one reference and a description",
    schema: { allOf: [{ $ref: "#/schemas/User" }], description: "Who wrote it." },
    schemas,
    want: ["User", userType],
  },
  {
    name: "allOf of two objects",
    schema: { allOf: [{ $ref: "#/schemas/User" }, { type: "object", properties: { role: text } }] },
    schemas,
    want: ["ItemValue", "interface ItemValue { id: number; name?: string; role?: string }"],
  },
  {
    name: "allOf that narrows a field",
    schema: {
      allOf: [{ $ref: "#/schemas/User" }, { properties: { name: { const: "Ada" } }, required: ["name"] }],
    },
    schemas,
    want: ["ItemValue", 'interface ItemValue { id: number; name: "Ada" }'],
  },
  {
    name: "allOf of a type and an enum",
    schema: { allOf: [text, { enum: ["a", "b"] }] },
    want: '"a" | "b"',
  },
  {
    name: "allOf with limits",
    schema: { allOf: [text, { minLength: 1 }, { maxLength: 5 }] },
    want: "string",
  },
  {
    name: "allOf of a union and an object",
    schema: { allOf: [{ oneOf: [card, iban] }, { properties: { id: whole }, required: ["id"] }] },
    want: [
      "ItemValueCard | ItemValueIban",
      'interface ItemValueCard { id: number; kind: "card"; last4: string }',
      'interface ItemValueIban { id: number; kind: "iban"; iban: string }',
    ],
  },
  {
    name: "allOf of references to each other",
    schema: { $ref: "#/schemas/Folder" },
    schemas: {
      Node: { type: "object", properties: { id: whole, parent: { $ref: "#/schemas/Node" } } },
      Folder: {
        allOf: [
          { $ref: "#/schemas/Node" },
          { type: "object", properties: { parent: { $ref: "#/schemas/Folder" } } },
        ],
      },
    },
    want: [
      "Folder",
      "interface Folder { id?: number; parent?: FolderParent }",
      "interface FolderParent { id?: number; parent?: FolderParent }",
    ],
  },
  {
    name: "required beside $ref",
    schema: { $ref: "#/schemas/User", required: ["name"] },
    schemas,
    want: ["ItemValue", "interface ItemValue { id: number; name: string }"],
  },
  {
    name: "required beside $ref, of a field that is required already",
    schema: { $ref: "#/schemas/User", required: ["id"] },
    schemas,
    want: ["User", userType],
  },

  {
    name: "$defs",
    schema: { $ref: "#/$defs/Tag" },
    defs: { Tag: { type: "object", properties: { a: text } } },
    want: ["Tag", "interface Tag { a?: string }"],
  },
  {
    name: "an alias of a primitive",
    schema: { $ref: "#/$defs/Id" },
    defs: { Id: text },
    want: ["Id", "type Id = string;"],
  },
  {
    name: "titles of types",
    schema: { type: "object", title: "Postal address", properties: { city: text } },
    want: ["PostalAddress", "interface PostalAddress { city?: string }"],
  },
  {
    name: "titles that are sentences",
    schema: { type: "object", title: "The address of the customer", properties: { city: text } },
    want: ["ItemValue", "interface ItemValue { city?: string }"],
  },
  { name: "an integer as text", schema: { type: "integer", big_integers: "string" }, want: "string" },
  {
    name: "a nullable integer as bigint",
    schema: { type: ["integer", "null"], big_integers: "bigint" },
    want: "bigint | null",
  },
  {
    name: "alternatives that differ in the order of their own alternatives are one",
    schema: {
      anyOf: [
        { type: "array", items: { anyOf: [text, whole] } },
        { type: "array", items: { anyOf: [whole, text] } },
      ],
    },
    want: "(string | number)[]",
  },
];
