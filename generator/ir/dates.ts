import { datePlaces, toTexts, type DateContext } from "./date-places.js";
import type { Scope } from "./scope.js";
import type { DeclarationIr, JsonIr, ResourceIr, SourceIr, TypeIr } from "./source-ir.js";
import { json } from "./type-paths.js";

type Types = Pick<SourceIr, "resources" | "shared">;

/** The form of the date-times in a type: `Date`s or strings. */
type Form = "dates" | "texts";

/**
 * Turns the date-times of records into `Date`s, except in unions whose values do not show their type. Parameters, and the
 * records that hooks receive, keep strings. A declaration that is used in both forms is copied.
 */
export function withDates(
  source: Types,
  types: Scope,
): Types & { readonly places: Readonly<Record<string, JsonIr>> } {
  const all = [...source.resources.flatMap(({ declarations }) => declarations), ...source.shared];
  const declared = new Map(all.map(({ name, type }) => [name, type]));
  const dated = findDated(declared);
  const uses = findUses(source.resources, { declared, dated });
  const texts = new Map<string, string>();
  for (const name of [...uses.texts].sort())
    if (dated.has(name))
      texts.set(name, uses.dates.has(name) ? types.claim({ names: [`Raw${name}`, `Raw${name}Text`] }) : name);
  const context: DateContext = {
    declared: (name) => declared.get(name),
    isDated: (name) => dated.has(name),
    dates: (name) => name,
    texts: (name) => texts.get(name) ?? name,
  };
  const declare = (declarations: readonly DeclarationIr[]): readonly DeclarationIr[] =>
    declarations.flatMap((each): readonly DeclarationIr[] => {
      if (!dated.has(each.name)) return [each];
      const text = asTexts(each, context);
      const date = { ...each, type: datePlaces(each.type, context).type };
      return [...(uses.dates.has(each.name) ? [date] : []), ...(texts.has(each.name) ? [text] : [])];
    });
  const used = [...uses.dates].filter((name) => dated.has(name)).sort();
  return {
    resources: source.resources.map((resource) => {
      const decoded = decodedType(resource, dated);
      const { record } = resource;
      return {
        ...withTexts(resource, context),
        declarations: declare(resource.declarations),
        ...(decoded !== undefined && { record, dates: decoded }),
      };
    }),
    shared: declare(source.shared),
    places: Object.fromEntries(
      used.flatMap((name) => {
        const { places } = datePlaces(declared.get(name) ?? json, context);
        return places === undefined ? [] : [[name, places] as const];
      }),
    ),
  };
}

/** Returns a declaration with strings. The description of a copy says how it differs. */
function asTexts(declaration: DeclarationIr, context: DateContext): DeclarationIr {
  const name = context.texts(declaration.name);
  const type = toTexts(declaration.type, context);
  if (name === declaration.name) return { ...declaration, type };
  const description = [declaration.description, `\`${declaration.name}\` with date-times as strings.`];
  return { ...declaration, name, type, description: description.filter(Boolean).join("\n\n") };
}

/** Finds the declarations that contain date-times, directly or through references. */
function findDated(declared: ReadonlyMap<string, TypeIr>): ReadonlySet<string> {
  const dated = new Set<string>();
  const context: DateContext = {
    declared: (name) => declared.get(name),
    isDated: (name) => dated.has(name),
    dates: (name) => name,
    texts: (name) => name,
  };
  const isFound = (name: string): boolean =>
    datePlaces(declared.get(name) ?? json, context).places !== undefined;
  const repeat = (candidates: () => readonly string[], change: (name: string) => unknown): void => {
    for (let found = candidates(); found.length > 0; found = candidates()) found.forEach(change);
  };
  repeat(
    () => [...declared.keys()].filter((name) => !dated.has(name) && isFound(name)),
    (name) => dated.add(name),
  );
  // Date-times found later can make the options of a union indistinguishable.
  repeat(
    () => [...dated].filter((name) => !isFound(name)),
    (name) => dated.delete(name),
  );
  return dated;
}

/**
 * Returns the type that decodes the records of a resource. The return type of a `map` hook is unknown, so nothing is
 * decoded.
 */
function decodedType({ record, hooks }: ResourceIr, dated: ReadonlySet<string>): string | undefined {
  return record.kind === "ref" && !hooks?.map && dated.has(record.name) ? record.name : undefined;
}

/** Finds the names of the declarations that are used in each form. */
function findUses(
  resources: readonly ResourceIr[],
  {
    declared,
    dated,
  }: { readonly declared: ReadonlyMap<string, TypeIr>; readonly dated: ReadonlySet<string> },
): Readonly<Record<Form, ReadonlySet<string>>> {
  const uses: Record<Form, Set<string>> = { dates: new Set(), texts: new Set() };
  const queue: (readonly [Form, string])[] = [];
  const use = (form: Form, name: string): string => {
    if (!uses[form].has(name)) queue.push([form, name]);
    uses[form].add(name);
    return name;
  };
  const context: DateContext = {
    declared: (name) => declared.get(name),
    isDated: (name) => dated.has(name),
    dates: (name) => use("dates", name),
    texts: (name) => use("texts", name),
  };
  for (const resource of resources) {
    const decoded = decodedType(resource, dated);
    if (decoded !== undefined) use("dates", decoded);
    withTexts(decoded === undefined ? resource : { ...resource, record: json }, context);
  }
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [form, name] = next;
    const type = declared.get(name);
    if (type) (form === "dates" ? datePlaces : toTexts)(type, context);
  }
  return uses;
}

/** Returns a resource with strings in its record, parameters and hooks. */
function withTexts(resource: ResourceIr, context: DateContext): ResourceIr {
  const { record, params, paramUnion, hooks } = resource;
  const text = (type: TypeIr): TypeIr => toTexts(type, context);
  const typed = <T extends { readonly type: TypeIr }>(list: readonly T[]): readonly T[] =>
    list.map((each) => ({ ...each, type: text(each.type) }));
  return {
    ...resource,
    record: text(record),
    params: typed(params),
    ...(paramUnion && {
      paramUnion: {
        ...(paramUnion.base && { base: { ...paramUnion.base, params: typed(paramUnion.base.params) } }),
        members: paramUnion.members.map((member) => ({ ...member, params: typed(member.params) })),
      },
    }),
    ...(hooks && {
      hooks: {
        ...hooks,
        ...(hooks.filter && { filter: { record: text(hooks.filter.record) } }),
        ...(hooks.map && { map: { record: text(hooks.map.record), result: text(hooks.map.result) } }),
        ...(hooks.parameter && {
          parameter: { ...hooks.parameter, default: text(hooks.parameter.default) },
        }),
      },
    }),
  };
}
