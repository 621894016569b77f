import type { Item, Items } from "./shape.js";

const times = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index, 8, index)).toISOString();

function make(count: number, item: (index: number) => Item, schema: object): Items {
  return { all: Array.from({ length: count }, (_, index) => item(index)), schema };
}

/** Customers with text ids, a nullable field, an optional one, a nested object and a list. */
export function customers(count: number): Items {
  return make(
    count,
    (n) => ({
      id: `cus_${String(n).padStart(3, "0")}Xq7`,
      name: `Name ${n}`,
      email: n % 3 ? `n${n}@example.com` : null,
      address: { city: `City ${n % 4}${n}`, ...(n % 2 && { zip: `${10000 + n}` }) },
      labels: n % 2 ? [`l${n}`] : [],
      ...(n % 5 === 0 && { note: `note ${n}` }),
      created_at: times(n),
    }),
    {
      type: "object",
      required: ["id", "name", "email", "address", "labels", "created_at"],
      properties: {
        id: { type: "string" },
        name: { type: "string" },
        email: { type: ["string", "null"], format: "email" },
        address: {
          type: "object",
          required: ["city"],
          properties: { city: { type: "string" }, zip: { type: "string" } },
        },
        labels: { type: "array", items: { type: "string" } },
        note: { type: "string" },
        created_at: { type: "string", format: "date-time" },
      },
    },
  );
}

/** Orders with numbers as ids, a fraction, a boolean and a time of the last change. */
export function orders(count: number): Items {
  return make(
    count,
    (n) => ({
      id: 100 + n,
      total: n * 1.5 + 0.25,
      is_paid: n % 2 === 0,
      lines: [{ sku: `A${n}`, quantity: n % 7 }],
      updated_at: times(n),
    }),
    {
      type: "object",
      required: ["id", "total", "is_paid", "lines", "updated_at"],
      properties: {
        id: { type: "integer" },
        total: { type: "number" },
        is_paid: { type: "boolean" },
        lines: {
          type: "array",
          items: {
            type: "object",
            required: ["sku", "quantity"],
            properties: { sku: { type: "string" }, quantity: { type: "integer" } },
          },
        },
        updated_at: { type: "string", format: "date-time" },
      },
    },
  );
}

/** Messages whose ids are integers of 64 bits. */
export function messages(count: number): Items {
  return make(count, (n) => ({ id: 1719000000000000001n + BigInt(n) * 7n, text: `t${n}`, likes: n % 9 }), {
    type: "object",
    required: ["id", "text", "likes"],
    properties: {
      id: { type: "integer", format: "int64", big_integers: "string" },
      text: { type: "string" },
      likes: { type: "integer" },
    },
  });
}

/** Hits of a search engine: an id, a document and its sort values. */
export function hits(count: number): Items {
  return make(
    count,
    (n) => ({
      _index: "logs",
      _id: `d${String(n).padStart(3, "0")}`,
      _source: { level: `L${n}`, at: times(n) },
      sort: [1704096000000 + n, `d${n}`],
    }),
    {
      type: "object",
      required: ["_index", "_id", "_source", "sort"],
      properties: {
        _index: { type: "string" },
        _id: { type: "string" },
        _source: {
          type: "object",
          required: ["level", "at"],
          properties: { level: { type: "string" }, at: { type: "string", format: "date-time" } },
        },
        sort: {
          type: "array",
          prefixItems: [{ type: "integer" }, { type: "string" }],
          items: false,
          minItems: 2,
        },
      },
    },
  );
}

/** Posts whose key is not named `id`. */
export function posts(count: number, key: string): Items {
  return make(count, (n) => ({ [key]: `p${n}k${n}`, title: `Post ${n}`, score: n % 6 }), {
    type: "object",
    required: [key, "title", "score"],
    properties: { [key]: { type: "string" }, title: { type: "string" }, score: { type: "integer" } },
  });
}

/** Tasks with UUIDs. */
export function tasks(count: number): Items {
  return make(
    count,
    (n) => ({
      gid: `5f0c0a52-1b7e-4e3a-9d5f-${String(n).padStart(12, "0")}`,
      name: `Task ${n}`,
      due_on: n % 2 ? `2024-03-${String((n % 28) + 1).padStart(2, "0")}` : null,
      url: `https://app.example.com/tasks/${n}`,
    }),
    {
      type: "object",
      required: ["gid", "name", "due_on", "url"],
      properties: {
        gid: { type: "string", format: "uuid" },
        name: { type: "string" },
        due_on: { type: ["string", "null"], format: "date" },
        url: { type: "string", format: "uri" },
      },
    },
  );
}
