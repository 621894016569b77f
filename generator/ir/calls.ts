import type { JsonValue } from "@connector-gen/runtime";
import type { Option } from "@connector-gen/runtime/kinds";
import type {
  KindUse,
  SpecAction,
  SpecBody,
  SpecCondition,
  SpecDecoder,
  SpecEncoding,
  SpecIncremental,
  SpecPart,
  SpecRateLimit,
  SpecResource,
  SpecSelector,
  SpecShaper,
} from "../spec/spec.js";
import { printSegments } from "../spec/selector/segments.js";
import { toOption, toOptions, toSelectorIr } from "./option-values.js";
import type { CallIr, JsonIr, KindIr, OptionIr, OptionsIr, ResourceIr } from "./source-ir.js";

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
      encode: { type: "encode", factory: "queryEncoder", options: encoding },
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
    options: Object.fromEntries(given.map((name) => [name, kindOption(kind.options[name], options[name])])),
    ...(calls.length > 0 && { calls: Object.fromEntries(calls) }),
    phrase: kind.phrase(factsOf({ kind, options, uses })),
  };
}

/** A given option of a kind; the kind says which of them are selectors. */
function kindOption(option: Option | undefined, value: KindUse["options"][string] | undefined): OptionIr {
  if (option?.type === "selector" && value !== null) return toSelectorIr(value as SpecSelector);
  return toOption(value as JsonValue);
}

/** The arguments of a kind's `phrase`: its options, selectors as text, and the phrases of the kinds in it. */
export function factsOf({ kind, options, uses = {} }: KindUse): Readonly<Record<string, unknown>> {
  const given = Object.entries(options).map(([name, value]) => {
    const isSelector = kind.options[name]?.type === "selector" && value !== null;
    return [name, isSelector ? printSegments((value as SpecSelector).selector) : value] as const;
  });
  const phrases = Object.entries(uses).map(([name, use]) => [name, use.kind.phrase(factsOf(use))] as const);
  return Object.fromEntries([...given, ...phrases]);
}

/** A limit of attempts, of the client or of one resource. */
export function rateLimitCall(limit: SpecRateLimit): CallIr {
  return { type: "rate_limit", factory: "rateLimit", options: { ...limit } };
}

/** What differs from how lists and objects are written anyway. */
function encodingOptions({ arrays = "repeat", objects = "json" }: SpecEncoding): CallIr["options"] {
  return { ...(arrays !== "repeat" && { arrays }), ...(objects !== "json" && { objects }) };
}

const bodyFactories = { json: "jsonBody", form: "formBody", raw: "rawBody" } as const;

function bodyCall({ type, template }: SpecBody): CallIr<JsonIr> {
  return { type, factory: bodyFactories[type], options: template };
}

const decoderFactories = { jsonl: "jsonLines", csv: "csv" } as const;

function decodeCall({ type, ...options }: SpecDecoder): CallIr {
  return { type, factory: decoderFactories[type], options: { ...options } };
}

function actionsCall(actions: readonly SpecAction[]): CallIr<readonly OptionIr[]> {
  const rules = actions.map(selectorRow);
  return { type: "response_actions", factory: "responseActions", options: rules };
}

/** An object whose `path` is a selector, and whose other values are data. */
function selectorRow(row: SpecAction | SpecCondition): OptionIr {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    name === "path" ? toSelectorIr(value as SpecSelector) : toOption(value as JsonValue),
  ]);
  return { object: Object.fromEntries(entries) as OptionsIr };
}

type ShapeCall = ResourceIr["shape"][number];

function shapeCall(step: SpecShaper, hooks: string | undefined): ShapeCall {
  const make = (options: ShapeCall["options"]): ShapeCall => ({
    type: step.type,
    factory: step.type,
    options,
  });
  switch (step.type) {
    case "include":
    case "rename":
    case "remove":
      return make(step.fields);
    case "add":
      return make(toOptions(step.fields));
    case "where":
      return make(step.conditions.map(selectorRow));
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
      return { type, factory: type, options: toOptions(part.partitions) };
    case "parents":
      return { type, factory: type, options: parentsOptions(part) };
    case "incremental":
      return { type, factory: type, options: incrementalOptions(part) };
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
    values: {
      object: Object.fromEntries(Object.entries(values).map(([name, at]) => [name, toSelectorIr(at)])),
    },
    ...(Object.keys(params).length > 0 && { params: { object: params } }),
    ...(batch && { batch: { object: { ...batch } } }),
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

function incrementalOptions({ type: _type, cursor, ...part }: SpecIncremental): OptionsIr {
  const given: OptionsIr = { ...toOptions(part), cursor: toSelectorIr(cursor) };
  const names = incrementalOrder.filter(
    (name) => given[name] !== undefined && given[name] !== incrementalDefaults[name],
  );
  return Object.fromEntries(names.map((name) => [name, given[name] as OptionIr]));
}
