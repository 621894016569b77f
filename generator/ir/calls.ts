import type {
  KindUse,
  SpecAction,
  SpecBody,
  SpecDecoder,
  SpecEncoding,
  SpecIncremental,
  SpecPart,
  SpecRateLimit,
  SpecResource,
  SpecShaper,
} from "../spec/spec.js";
import type { CallIr, JsonIr, KindIr, ResourceIr } from "./source-ir.js";

/** Everything of a resource that is printed as calls of runtime factories. */
export type Calls = Pick<
  ResourceIr,
  "encode" | "body" | "decode" | "actions" | "shape" | "paginator" | "plan" | "auth" | "rateLimit"
>;

/** The calls of a resource; `hooks` is the key of its functions in the factory's options. */
export function buildCalls(resource: SpecResource, hooks: string): Calls {
  const { encode, body, decode, actions, shape, plan, auth, rateLimit } = resource;
  const encoding = encodingOptions(encode ?? {});
  return {
    ...(Object.keys(encoding).length > 0 && {
      encode: { type: "encode", factory: "queryEncoder", options: encoding, selectors: [] },
    }),
    ...(body && { body: bodyCall(body) }),
    ...(decode && { decode: decodeCall(decode) }),
    ...(actions.length > 0 && { actions: actionsCall(actions) }),
    shape: shape.map((step) => shapeCall(step, hooks === resource.name ? undefined : hooks)),
    paginator: toKind(resource.paginator),
    plan: plan.map(partCall),
    ...(auth !== undefined && { auth: auth && toKind(auth) }),
    ...(rateLimit && { rateLimit: rateLimitCall(rateLimit) }),
  };
}

/** The factories that calls name: constants of a module must not. */
export function factoriesOf({ shape, plan, ...calls }: Partial<Calls>): readonly string[] {
  return [...Object.values(calls), ...(shape ?? []), ...(plan ?? [])].flatMap((call) =>
    call ? [call.factory, ...factoriesOf((call as Partial<KindIr>).calls ?? {})] : [],
  );
}

/** A paginator or an auth scheme. */
export function toKind({ kind, options, uses = {} }: KindUse): KindIr {
  const given = Object.keys(kind.options).filter((name) => Object.hasOwn(options, name));
  const calls = Object.entries(uses).map(([name, use]) => [name, toKind(use)] as const);
  return {
    type: kind.type,
    factory: kind.factoryFor?.(options) ?? kind.factory,
    options: Object.fromEntries(given.map((name) => [name, options[name] as JsonIr])),
    selectors: given.filter((name) => kind.options[name]?.type === "selector"),
    ...(calls.length > 0 && { calls: Object.fromEntries(calls) }),
    phrase: kind.phrase(factsOf({ kind, options, uses })),
  };
}

/** What a kind's words are made from: its options, and the phrases of the kinds in it. */
export function factsOf({ options, uses = {} }: KindUse): Readonly<Record<string, JsonIr>> {
  const phrases = Object.entries(uses).map(([name, use]) => [name, use.kind.phrase(factsOf(use))] as const);
  return { ...options, ...Object.fromEntries(phrases) };
}

/** A limit of attempts, of the client or of one resource. */
export function rateLimitCall(limit: SpecRateLimit): CallIr {
  return { type: "rate_limit", factory: "rateLimit", options: { ...limit }, selectors: [] };
}

/** What differs from how lists and objects are written anyway. */
function encodingOptions({ arrays = "repeat", objects = "json" }: SpecEncoding): CallIr["options"] {
  return { ...(arrays !== "repeat" && { arrays }), ...(objects !== "json" && { objects }) };
}

const bodyFactories = { json: "jsonBody", form: "formBody", raw: "rawBody" } as const;

function bodyCall({ type, template }: SpecBody): CallIr<JsonIr> {
  return { type, factory: bodyFactories[type], options: template, selectors: [] };
}

const decoderFactories = { jsonl: "jsonLines", csv: "csv" } as const;

function decodeCall({ type, ...options }: SpecDecoder): CallIr {
  return { type, factory: decoderFactories[type], options: { ...options }, selectors: [] };
}

function actionsCall(actions: readonly SpecAction[]): CallIr<JsonIr> {
  const rules = actions.map((action) => ({ ...action }));
  return { type: "response_actions", factory: "responseActions", options: rules, selectors: ["*.path"] };
}

function shapeCall(step: SpecShaper, hooks: string | undefined): CallIr<JsonIr> {
  const make = (options: JsonIr, selectors: readonly string[] = []): CallIr<JsonIr> => ({
    type: step.type,
    factory: step.type,
    options,
    selectors,
  });
  switch (step.type) {
    case "include":
    case "rename":
    case "remove":
    case "add":
      return make(step.fields);
    case "where":
      return make(
        step.conditions.map((condition) => ({ ...condition })),
        ["*.path"],
      );
    case "hook":
      return make({ hook: step.hook, ...(hooks !== undefined && { name: hooks }) });
    case "flatten": {
      const { type: _type, ...options } = step;
      return make(options);
    }
    default:
      return step satisfies never;
  }
}

function partCall(part: SpecPart): CallIr {
  const { type } = part;
  switch (type) {
    case "partitions":
      return { type, factory: type, options: part.partitions, selectors: [] };
    case "parents":
      return { type, factory: type, options: parentsOptions(part), selectors: ["values.*"] };
    case "incremental":
      return { type, factory: type, options: incrementalOptions(part), selectors: ["cursor"] };
    default:
      return type satisfies never;
  }
}

function parentsOptions({
  parent,
  values,
  params,
  batch,
}: SpecPart & { readonly type: "parents" }): CallIr["options"] {
  return {
    parent,
    values,
    ...(Object.keys(params).length > 0 && { params }),
    ...(batch && { batch: { ...batch } }),
  };
}

/** What holds when an option is left out. */
const incrementalDefaults: Readonly<Record<string, JsonIr>> = {
  lastValue: "max",
  onMissing: "raise",
  rangeStart: "closed",
  rangeEnd: "open",
  serverFilter: true,
};

const incrementalOrder = [
  ...["cursor", "initial", "end", "lag", "lastValue", "onMissing", "rowOrder", "rangeStart", "rangeEnd"],
  ...["key", "format", "window", "serverFilter"],
];

function incrementalOptions({ type: _type, ...part }: SpecIncremental): Readonly<Record<string, JsonIr>> {
  const given: Readonly<Record<string, JsonIr>> = part;
  const names = incrementalOrder.filter(
    (name) => given[name] !== undefined && given[name] !== incrementalDefaults[name],
  );
  return Object.fromEntries(names.map((name) => [name, given[name] as JsonIr]));
}
