import type { SpecResource } from "../spec/spec.js";
import { recordDocs } from "./docs.js";
import { toSingularPascal } from "./names.js";
import { recordWish } from "./record-wish.js";
import type { Scope } from "./scope.js";
import { reachable, refsOf, renameRefs } from "./references.js";
import { changeShape, type Shape, type ShapeContext } from "./shape.js";
import type { DeclarationIr, HooksIr, ResourceIr, TypeIr } from "./source-ir.js";
import { jsonObject } from "./type-paths.js";
import { unionOf } from "./union.js";

/** The record type of one resource, and the declarations that it needs. */
export type RecordIr = Pick<ResourceIr, "record" | "declarations" | "served" | "hooks">;

/** The records of a resource as the API sends them. */
export interface Served {
  /** The name of their declaration, which comes first; absent for shared types and untyped records. */
  readonly name: string | undefined;
  readonly record: TypeIr;
  readonly declarations: readonly DeclarationIr[];
}

/** The context in which a record type is shaped. */
export interface ShapingContext extends Pick<ShapeContext, "declared" | "free" | "placeholder"> {
  readonly types: Scope;
  /** The key of the resource in the option `hooks`. */
  readonly hooks: string;
}

type Scoped = ShapingContext & ShapeContext;

/** Shapes the record type of a resource, and names the types of its stream and its hooks. */
export function shapeRecord(resource: SpecResource, served: Served, context: ShapingContext): RecordIr {
  const { record: sentRecord, declarations } = served;
  if (resource.shape.every(({ kind }) => !kind.reshape && !kind.hook))
    return { record: sentRecord, declarations };
  const sent = isRecursive(served) ? detachRecord(resource, served, context.types) : served;
  const local = new Map(sent.declarations.map((each) => [each.name, each]));
  const claim = (name: string, key: string): string =>
    context.types.claim({ names: [`${wishOf(resource, served)}${name}`], key: `${key} of ${resource.name}` });
  const scope: Scoped = {
    ...context,
    declared: (name) => local.get(name)?.type ?? context.declared(name),
    redeclare: (name, type) => {
      const own = local.has(name) ? name : claim(name, `part ${name}`);
      local.set(own, { ...local.get(own), name: own, type });
      return { kind: "ref", name: own };
    },
  };
  const steps = walkSteps(resource, sent, scope);
  const { start, final, filtered, mapped, parameter } = steps;
  const isMapped = mapped.length > 0;
  if (final === start && filtered.length === 0) return { record: sentRecord, declarations };
  const shaped = { ...sent, declarations: [...local.values()] };
  const namer = createNamer(resource, { ...steps, served: shaped }, scope);
  const main = namer.name(namer.main);
  const record = namer.name(final);
  const hooks: HooksIr = {
    name: context.hooks,
    ...(filtered.length > 0 && { filter: { record: unionOf(filtered.map(namer.name)) } }),
    ...(isMapped && { map: { record: unionOf(mapped.map(namer.name)), result: parameter ?? jsonObject } }),
    ...(parameter && { parameter: { name: parameter.name, default: main } }),
  };
  return {
    record,
    declarations: namer.declarations([main, record]),
    ...(final !== start && { served: { record: sentRecord, declarations } }),
    ...((isMapped || filtered.length > 0) && { hooks }),
  };
}

/** Renames a recursive type, because the records nested in it are not shaped. */
function detachRecord(resource: SpecResource, served: Served, types: Scope): Served {
  const [own, ...nested] = served.declarations;
  if (!own) return served;
  const name = types.claim(`Raw${own.name}`);
  const raw = { ...own, name, description: `A record of \`${resource.name}\`, nested in another record.` };
  return { ...served, declarations: [...renameRefs([own, raw, ...nested], own.name, name)] };
}

function isRecursive({ name, declarations }: Served): boolean {
  return name !== undefined && refsOf(declarations.map(({ type }) => type)).has(name);
}

/** The shapes of records between the steps. */
interface Steps {
  readonly start: Shape;
  readonly final: Shape;
  /** The shapes that hooks receive, at any position among the steps. */
  readonly filtered: readonly Shape[];
  readonly mapped: readonly Shape[];
  /** The result of a `map` hook: a type parameter of the module. */
  readonly parameter: (TypeIr & { readonly kind: "ref" }) | undefined;
}

function wishOf(resource: SpecResource, { name }: Served): string {
  return name ?? toSingularPascal(resource.name);
}

function walkSteps(resource: SpecResource, served: Served, context: Scoped): Steps {
  const start = toShape(served);
  const walk = (result: TypeIr): Omit<Steps, "parameter"> => {
    const shapes = { filter: [] as Shape[], map: [] as Shape[] };
    let final = start;
    for (const { kind, options } of resource.shape) {
      if (kind.hook) shapes[kind.hook].push(final);
      const change = kind.reshape?.(options);
      if (kind.hook === "map") final = { base: result, fields: [] };
      else if (change) final = changeShape(final, change, context);
    }
    return { start, final, filtered: shapes.filter, mapped: shapes.map };
  };
  if (!resource.shape.some(({ kind }) => kind.hook === "map")) {
    return { ...walk(jsonObject), parameter: undefined };
  }
  const name = context.types.claim({
    names: [`${wishOf(resource, served)}Out`],
    key: `output of ${resource.name}`,
  });
  const parameter = { kind: "ref", name } as const;
  const steps = walk(parameter);
  // The return type of a hook is unknown here, and so is the effect of later steps on it.
  return steps.final.base === parameter
    ? { ...steps, parameter }
    : { ...walk(jsonObject), parameter: undefined };
}

function toShape({ name, record, declarations: [own] }: Served): Shape {
  if (name === undefined || !own) return { base: record, fields: [] };
  return own.type.kind === "object" ? { fields: own.type.fields } : { base: own.type, fields: [] };
}

/** Names shapes. */
interface Namer {
  /** The shape that gets the name of the record: that of the stream, or the one that a hook maps. */
  readonly main: Shape;
  readonly name: (shape: Shape) => TypeIr;
  /** Returns all declarations so far, with those of the original records to which they or other types refer. */
  readonly declarations: (types: readonly TypeIr[]) => readonly DeclarationIr[];
}

function createNamer(
  resource: SpecResource,
  { served, final, mapped, parameter }: Steps & { readonly served: Served },
  { types, declared, hooks }: Scoped,
): Namer {
  const [main = final] = mapped;
  const [own] = served.declarations;
  const nested = served.name === undefined ? served.declarations : served.declarations.slice(1);
  const isNamed = served.name !== undefined || main.fields.length > 0;
  const wish = toSingularPascal(resource.name);
  const mainName = served.name ?? (isNamed ? types.claim(recordWish(resource)) : wish);
  const made: DeclarationIr[] = [];
  const named = new Map<Shape, TypeIr>();

  const declare = (shape: Shape, { name, ...docs }: Omit<DeclarationIr, "type">): TypeIr => {
    const place = made.push({ name, type: jsonObject, ...docs }) - 1;
    made[place] = { name, type: bodyOf(name, shape), ...docs };
    return { kind: "ref", name };
  };
  const bodyOf = (name: string, { base, fields }: Shape): TypeIr => {
    if (!base) return { kind: "object", fields };
    if (fields.length === 0) return base;
    if (base.kind === "ref" && declared(base.name)?.kind === "object") {
      return { kind: "object", fields, base: base.name };
    }
    const description = `Fields added to a record of \`${resource.name}\`.`;
    const added = declare({ fields }, { name: types.claim(`${name}Added`), description });
    return { kind: "intersection", parts: [base, added] };
  };
  const create = (shape: Shape): TypeIr => {
    if (shape === main && isNamed) {
      const { type: _type, ...docs } =
        own && served.name !== undefined
          ? own
          : { type: jsonObject, description: recordDocs(resource, undefined) };
      return declare(shape, { ...docs, name: mainName });
    }
    if (shape.base && shape.fields.length === 0) return shape.base;
    if (shape.base && shape.base === parameter) return bodyOf(mainName, shape);
    const description = `A record of \`${resource.name}\` before \`hooks.${hooks}\`.`;
    return declare(shape, { name: types.claim(`Raw${mainName}`), description });
  };
  return {
    main,
    name: (shape) => {
      const type = named.get(shape) ?? create(shape);
      named.set(shape, type);
      return type;
    },
    declarations: (roots) => [...made, ...reachable(nested, [...roots, ...made.map(({ type }) => type)])],
  };
}
