import { mapParts } from "./references.js";
import type { FieldIr, JsonIr, TypeIr } from "./source-ir.js";
import { fieldsOf, json, mergeFields } from "./type-paths.js";

/** The declarations of a module, and their names with `Date`s and with strings. */
export interface DateContext {
  readonly declared: (name: string) => TypeIr | undefined;
  /** Whether a declaration contains date-times. */
  readonly isDated: (name: string) => boolean;
  /** The name of a declaration with `Date`s. */
  readonly dates: (name: string) => string;
  /** The name of a declaration with strings. */
  readonly texts: (name: string) => string;
}

/** A type with `Date`s, and their locations in the form of the runtime's `DateFields`. */
export interface Dated {
  readonly type: TypeIr;
  /** Absent if there are none. */
  readonly places?: JsonIr;
}

/** The locations in a value, by kind: `fields`, `items`, `others` and so on. */
type Parts = Readonly<Record<string, JsonIr>>;

/** Turns the date-times of a type into `Date`s. Options of a union that values do not identify keep strings. */
export function datePlaces(type: TypeIr, context: DateContext): Dated {
  switch (type.kind) {
    case "string":
      return isDateTime(type)
        ? { type: { kind: "string", format: "date-time", form: "Date" }, places: "date-time" }
        : { type };
    case "ref":
      return context.isDated(type.name)
        ? { type: { ...type, name: context.dates(type.name) }, places: type.name }
        : { type };
    case "array": {
      const items = datePlaces(type.items, context);
      return { type: { ...type, items: items.type }, ...parts({ items: items.places }) };
    }
    case "tuple":
      return tupleOf(type, context);
    case "map": {
      const values = datePlaces(type.values, context);
      return { type: { ...type, values: values.type }, ...parts({ others: values.places }) };
    }
    case "object":
      return objectOf(type, context);
    case "union":
      return unionOf(type, context);
    case "intersection":
      return intersectionOf(type, context);
    default:
      return { type };
  }
}

/** Redirects the references in a type to declarations with strings. */
export function toTexts(type: TypeIr, context: DateContext): TypeIr {
  if (type.kind === "ref")
    return context.isDated(type.name) ? { ...type, name: context.texts(type.name) } : type;
  const own = mapParts(type, (part) => toTexts(part, context));
  return own.kind === "object" && own.base !== undefined && context.isDated(own.base)
    ? { ...own, base: context.texts(own.base) }
    : own;
}

function isDateTime(type: TypeIr): boolean {
  return type.kind === "string" && type.format === "date-time";
}

/** Combines the locations in parts; absent if no part has any. */
function parts(given: Readonly<Record<string, JsonIr | undefined>>): { readonly places?: JsonIr } {
  const found = Object.entries(given).filter((entry): entry is [string, JsonIr] => entry[1] !== undefined);
  return found.length > 0 ? { places: Object.fromEntries(found) } : {};
}

function tupleOf(type: Extract<TypeIr, { kind: "tuple" }>, context: DateContext): Dated {
  const items = type.items.map((item) => datePlaces(item, context));
  const rest = type.rest && datePlaces(type.rest, context);
  const hasFirst = items.some(({ places }) => places !== undefined);
  return {
    type: { ...type, items: items.map((item) => item.type), ...(rest && { rest: rest.type }) },
    ...parts({
      // The first items are listed even without date-times, so the locations of the rest do not apply to them.
      first:
        hasFirst || (rest?.places !== undefined && items.length > 0)
          ? items.map(({ places }) => places ?? null)
          : undefined,
      items: rest?.places,
    }),
  };
}

function objectOf(type: Extract<TypeIr, { kind: "object" }>, context: DateContext): Dated {
  const change = (field: FieldIr): FieldIr => ({ ...field, type: datePlaces(field.type, context).type });
  const additional = type.additional && datePlaces(type.additional, context);
  const inherited =
    type.base === undefined ? [] : fieldsOf({ kind: "ref", name: type.base }, context.declared);
  const all = mergeFields([...(inherited ?? []), ...type.fields]);
  const isClosed = additional?.places === undefined;
  const fields = all.flatMap((field): readonly (readonly [string, JsonIr])[] => {
    const { places } = datePlaces(field.type, context);
    return places === undefined && isClosed ? [] : [[field.name, places ?? null]];
  });
  const { base } = type;
  return {
    type: {
      ...type,
      fields: type.fields.map(change),
      ...(base !== undefined && { base: context.isDated(base) ? context.dates(base) : base }),
      ...(additional && { additional: additional.type }),
    },
    ...parts({
      fields: fields.length > 0 ? Object.fromEntries(fields) : undefined,
      others: additional?.places,
    }),
  };
}

/** Turns the date-times of an intersection into `Date`s if their locations can be merged. */
function intersectionOf(type: Extract<TypeIr, { kind: "intersection" }>, context: DateContext): Dated {
  const probe = probing(context);
  const found = type.parts.flatMap((part) => datePlaces(part, probe).places ?? []);
  const expanded = found.map((places) => expand(places, probe));
  const isMergeable = expanded.every((each) => Object.keys(each).join() === "fields");
  const [first] = found;
  if (first === undefined || (found.length > 1 && !isMergeable)) return { type: toTexts(type, context) };
  const fields = Object.assign({}, ...expanded.map((each) => each["fields"])) as Parts;
  return {
    type: { ...type, parts: type.parts.map((part) => datePlaces(part, context).type) },
    places: found.length === 1 ? first : { fields },
  };
}

/** Returns a context for finding places without renaming types. */
function probing(context: DateContext): DateContext {
  return { ...context, dates: (name) => name, texts: (name) => name };
}

/** Replaces the names of types in locations by the locations in these types. */
function expand(places: JsonIr | undefined, context: DateContext): Parts {
  if (places === "date-time") return { unless: [] };
  if (typeof places !== "string") return (places ?? {}) as Parts;
  return expand(datePlaces(context.declared(places) ?? json, context).places, context);
}

/** The kinds of JSON values that identify the option of a union. */
type Sort = "text" | "list" | "object" | "other";

/** An option of a union, the type that it refers to, and the kinds of its values. */
interface Option {
  readonly type: TypeIr;
  readonly target: TypeIr;
  readonly sorts: ReadonlySet<Sort>;
}

/** Converts the options that a value identifies by its kind, or by a field with different values in each option. */
function unionOf(type: Extract<TypeIr, { kind: "union" }>, context: DateContext): Dated {
  const options = type.options.map((option): Option => {
    const target = follow(option, context);
    return { type: option, target, sorts: sortsOf(target, context) };
  });
  const present = options.filter(({ target }) => target.kind !== "null");
  const [only] = present;
  if (only && present.length === 1) {
    const { type: inner, places } = datePlaces(only.type, context);
    const changed = options.map((option) => (option === only ? inner : option.type));
    return { type: { ...type, options: changed }, ...(places !== undefined && { places }) };
  }
  const probe = probing(context);
  const found = [textsOf(present), ownerOf("list", present, probe), objectsOf(present, probe)];
  const decided = found.flatMap((each) => each?.options ?? []);
  const places = found.flatMap((each) => (each?.places === undefined ? [] : [each.places]));
  const [first] = places;
  const isAlone = places.length === 1 && first !== "date-time";
  return {
    type: {
      ...type,
      options: options.map((option) =>
        decided.includes(option) ? datePlaces(option.type, context).type : toTexts(option.type, context),
      ),
    },
    ...(places.length > 0 && {
      places: isAlone
        ? (first ?? {})
        : (Object.assign({}, ...places.map((each) => expand(each, probe))) as JsonIr),
    }),
  };
}

/** Options that values identify, and the locations of their date-times. */
interface Decided {
  readonly options: readonly Option[];
  readonly places?: JsonIr;
}

/** Converts a date-time beside strings with fixed values. Beside any other string, it stays a string. */
function textsOf(options: readonly Option[]): Decided | undefined {
  const texts = options.filter(({ sorts }) => sorts.has("text"));
  const dates = texts.filter(({ target }) => isDateTime(target));
  const others = texts.filter((option) => !dates.includes(option)).map(({ target }) => target);
  const values = others.map((target) =>
    target.kind === "enum" && target.open !== true ? target.values : [],
  );
  if (dates.length === 0 || values.some((list) => list.length === 0)) return undefined;
  return {
    options: dates,
    places: { unless: values.flat().filter((value) => typeof value === "string") },
  };
}

/** Returns the option whose values are of a kind, if there is exactly one. */
function ownerOf(sort: Sort, options: readonly Option[], context: DateContext): Decided | undefined {
  const all = options.filter(({ sorts }) => sorts.has(sort));
  const [only, ...others] = all;
  // An option with several kinds of values is itself a union.
  if (!only || others.length > 0 || only.sorts.size > 1) return undefined;
  const { places } = datePlaces(only.type, context);
  return places === undefined ? undefined : { options: [only], places };
}

function objectsOf(options: readonly Option[], context: DateContext): Decided | undefined {
  const all = options.filter(({ sorts }) => sorts.has("object"));
  if (all.length < 2) return ownerOf("object", options, context);
  if (all.some(({ sorts }) => sorts.size > 1)) return undefined;
  const dated = all.map((option) => datePlaces(option.type, context).places);
  if (dated.every((places) => places === undefined)) return undefined;
  const field = discriminatorOf(all, context);
  if (field !== undefined) {
    const cases = all.flatMap(({ target }, at): readonly (readonly [string, JsonIr])[] => {
      const places = dated[at];
      if (places === undefined) return [];
      return valuesOf(target, field, context).map((value) => [String(value), places]);
    });
    return { options: all, places: { by: field, cases: Object.fromEntries(cases) } };
  }
  // If all options have the same locations, it does not matter which option a value belongs to.
  const [first, ...others] = dated.map((places) => JSON.stringify(expand(places, context)));
  return others.every((each) => each === first) && dated[0] !== undefined
    ? { options: all, places: expand(dated[0], context) }
    : undefined;
}

/** Returns the first field, by name, that every option requires with values that no other option has. */
function discriminatorOf(options: readonly Option[], context: DateContext): string | undefined {
  const names = (fieldsOf(options[0]?.target ?? json, context.declared) ?? []).map(({ name }) => name);
  return [...names].sort().find((name) => {
    const lists = options.map(({ target }) => valuesOf(target, name, context));
    const values = lists.flat().map(String);
    return lists.every((list) => list.length > 0) && new Set(values).size === values.length;
  });
}

/** Returns the fixed values of a required field; none if it has others. */
function valuesOf(target: TypeIr, name: string, context: DateContext): readonly unknown[] {
  const field = fieldsOf(target, context.declared)?.find((each) => each.name === name);
  const type = field?.required === true ? follow(field.type, context) : undefined;
  return type?.kind === "enum" && type.open !== true ? type.values : [];
}

/** Follows at most 32 references, because a longer chain is circular. */
function follow(type: TypeIr, context: DateContext, depth = 0): TypeIr {
  const target = type.kind === "ref" && depth < 32 ? context.declared(type.name) : undefined;
  return target ? follow(target, context, depth + 1) : type;
}

function sortsOf(target: TypeIr, context: DateContext, depth = 0): ReadonlySet<Sort> {
  const sort = sorts[target.kind];
  if (sort !== undefined) return new Set([sort]);
  if (target.kind === "number")
    return new Set<Sort>(target.forms?.includes("string") ? ["other", "text"] : ["other"]);
  if (target.kind === "enum")
    return new Set(target.values.map((value) => (typeof value === "string" ? "text" : "other")));
  if (target.kind === "union" && depth < 32)
    return new Set(
      target.options.flatMap((option) => [...sortsOf(follow(option, context), context, depth + 1)]),
    );
  return new Set(["text", "list", "object", "other"]);
}

const sorts: Readonly<Partial<Record<TypeIr["kind"], Sort>>> = {
  string: "text",
  array: "list",
  tuple: "list",
  map: "object",
  object: "object",
  intersection: "object",
  boolean: "other",
  null: "other",
};
