import type {
  DeclarationIr,
  FieldIr,
  KindIr,
  OptionsIr,
  ResourceIr,
  SourceIr,
  TypeIr,
} from "../../generator/ir/source-ir.js";

/** Creates a field, which is optional if its name ends in `?`. */
function field(name: string, type: TypeIr): FieldIr {
  return name.endsWith("?")
    ? { name: name.slice(0, -1), required: false, type }
    : { name, required: true, type };
}

/** Creates an object type from its fields. */
export function object(fields: Readonly<Record<string, TypeIr>>): TypeIr {
  return { kind: "object", fields: Object.entries(fields).map(([name, type]) => field(name, type)) };
}

/** Creates the call of a factory named like its type. */
export function call(type: string, options: OptionsIr = {}): KindIr {
  return { type, factory: type, options, phrase: type };
}

export const integer: TypeIr = { kind: "number", integer: true };
export const text: TypeIr = { kind: "string" };

/** Creates a reference to a declared type. */
export function ref(name: string): TypeIr {
  return { kind: "ref", name };
}

/** Creates a union of a type with null. */
export function nullable(type: TypeIr): TypeIr {
  return { kind: "union", options: [type, { kind: "null" }] };
}

/** Creates a resource with defaults. */
export function resource(given: Partial<ResourceIr> & { readonly name: string }): ResourceIr {
  return {
    docs: "",
    names: { method: given.name, constant: given.name, params: "" },
    method: "GET",
    path: `/v1/${given.name}`,
    query: [],
    headers: [],
    params: [],
    select: { selector: ["items"] },
    selectRequired: true,
    shape: [],
    plan: [],
    paginator: call("page_number", { basePage: 1, limit: 10 }),
    pageRequests: [],
    primaryKey: ["id"],
    mergeKey: [],
    writeDisposition: "append",
    selected: true,
    record: ref("JsonObject"),
    declarations: [],
    ...given,
  };
}

/** Creates a resource with records of a declared type. */
export function recordsOf(name: string, type: TypeIr, more: readonly DeclarationIr[] = []): ResourceIr {
  return resource({ name, record: ref("Row"), declarations: [{ name: "Row", type }, ...more] });
}

/** Creates a source with defaults. */
export function source(given: Partial<SourceIr>): SourceIr {
  return {
    name: "shop",
    specFile: "shop.json",
    specHash: "0",
    names: {
      title: "Shop",
      file: "shop",
      facade: "Shop",
      factory: "createShop",
      options: "ShopOptions",
      source: "shopSource",
      hooks: "",
    },
    baseUrl: "https://api.example.com",
    headers: [],
    secrets: [],
    config: [],
    clientOptions: [],
    optionNames: [],
    resources: [resource({ name: "rows" })],
    shared: [],
    ...given,
  };
}
