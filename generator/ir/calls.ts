import type { KindUse, SpecResource } from "../spec/spec.js";
import { optionOf, withTexts } from "./option-values.js";
import type { KindIr, ResourceIr } from "./source-ir.js";

/** All parts of a resource that are printed as calls of runtime factories. */
export type Calls = Pick<
  ResourceIr,
  | "encode"
  | "body"
  | "decode"
  | "layout"
  | "actions"
  | "shape"
  | "paginator"
  | "pageRequests"
  | "plan"
  | "auth"
  | "rateLimit"
>;

/** Builds the calls of a resource. `hooks` is the key of its functions in the factory's options. */
export function buildCalls(resource: SpecResource, hooks: string): Calls {
  const { encode, body, decode, layout, actions, shape, plan, auth, rateLimit } = resource;
  return {
    ...(encode && { encode: toKind(encode) }),
    ...(body && { body: toKind(body) }),
    ...(decode && { decode: toKind(decode) }),
    ...(layout && { layout: toKind(layout) }),
    ...(actions && { actions: toKind(actions) }),
    shape: shape.map((step) => stepCall(step, hooks === resource.name ? undefined : hooks)),
    paginator: toKind(resource.paginator),
    pageRequests: resource.pageRequests.map(toKind),
    plan: plan.map(toKind),
    ...(auth !== undefined && { auth: auth && toKind(auth) }),
    ...(rateLimit && { rateLimit: toKind(rateLimit) }),
  };
}

/** Returns the factories in calls. No constant of the module may have the same name. */
export function factoriesOf({
  shape = [],
  plan = [],
  pageRequests = [],
  ...calls
}: Partial<Calls> & { readonly cookies?: KindIr }): readonly string[] {
  return [...Object.values(calls), ...shape, ...plan, ...pageRequests].flatMap((call) =>
    call ? [call.factory, ...factoriesOf((call as Partial<KindIr>).calls ?? {})] : [],
  );
}

/** Converts a use of a kind, such as a paginator or an auth scheme. */
export function toKind({ kind, options, uses = {} }: KindUse): KindIr {
  const given = Object.keys(kind.options).filter(
    (name) => Object.hasOwn(options, name) && kind.options[name]?.isPrinted !== false,
  );
  const calls = Object.entries(uses).map(([name, use]) => [name, toKind(use)] as const);
  return {
    type: kind.type,
    factory: kind.factoryFor?.(options) ?? kind.factory ?? "",
    options: Object.fromEntries(
      given.map((name) => [name, optionOf(kind.options[name], options[name] ?? null)]),
    ),
    ...(kind.positional && { positional: true }),
    ...(kind.hook && { hook: kind.hook }),
    ...(calls.length > 0 && { calls: Object.fromEntries(calls) }),
    phrase: kind.phrase(factsOf({ kind, options, uses })),
  };
}

/** Returns the arguments of a kind's `phrase`: its options, with selectors as text, and the phrases of nested kinds. */
export function factsOf({ kind, options, uses = {} }: KindUse): Readonly<Record<string, unknown>> {
  const given = Object.entries(options).map(
    ([name, value]) => [name, withTexts(kind.options[name], value)] as const,
  );
  const phrases = Object.entries(uses).map(([name, use]) => [name, use.kind.phrase(factsOf(use))] as const);
  return Object.fromEntries([...given, ...phrases]);
}

/** Returns the call of a step. It contains the key of the resource's hooks if that differs from the resource's name. */
function stepCall(step: KindUse, hooks: string | undefined): KindIr {
  if (step.kind.hook === undefined || hooks === undefined) return toKind(step);
  return toKind({ ...step, options: { ...step.options, name: hooks } });
}
