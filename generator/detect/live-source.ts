import * as runtime from "@connector-gen/runtime";
import type {
  Auth,
  Limiter,
  OptionSource,
  Paginator,
  ResourceShape,
  Shaper,
} from "@connector-gen/runtime/plugin";
import type { Source } from "@connector-gen/runtime";
import type { Path, Query, QuerySegment } from "@connector-gen/runtime/kinds";

import type { CallIr, JsonIr, KindIr, Pair, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { parseSelector } from "../spec/selector/selector.js";

/**
 * The source as the runtime takes it: what its generated module would say, made by the same factories. Only hooks are left
 * out: they are functions of the app.
 */
export function toLiveSource(source: SourceIr): Source {
  const secrets = source.secrets.map(({ name, option, env }): readonly [string, OptionSource] => [
    `secrets.${name}`,
    { option, env },
  ]);
  const config = source.config.map(({ name, option }): readonly [string, OptionSource] => [
    `config.${name}`,
    { option },
  ]);
  return {
    name: source.name,
    baseUrl: source.baseUrl,
    options: Object.fromEntries([...secrets, ...config]),
    headers: fromPairs(source.headers),
    ...(source.auth && { auth: call(source.auth) as Auth }),
    ...(source.rateLimit && { rateLimit: call(source.rateLimit) as Limiter }),
    ...(source.retry && { retry: source.retry }),
    ...(source.timeoutMs !== undefined && { timeoutMs: source.timeoutMs }),
    resources: Object.fromEntries(source.resources.map((resource) => [resource.name, toShape(resource)])),
  };
}

function toShape(resource: ResourceIr): ResourceShape {
  const { name, method, path, params, query, encode, body, decode, actions, select, auth } = resource;
  const { rateLimit, retry, timeoutMs, plan } = resource;
  const paginator = call(resource.paginator) as Paginator;
  const steps = resource.shape.filter(({ type }) => type !== "hook");
  return {
    name,
    method,
    path,
    params: Object.fromEntries(params.map((param) => [param.name, param.in])),
    query: Object.fromEntries(query.map((each) => [each.name, each.value])),
    ...(encode && { encode: call(encode) as ResourceShape["encode"] & object }),
    headers: fromPairs(resource.headers),
    ...(body && { body: make(body.factory, body.options) as ResourceShape["body"] & object }),
    ...(decode && { decode: call(decode) as ResourceShape["decode"] & object }),
    ...(actions && { actions: call(actions) as ResourceShape["actions"] & object }),
    select: select === undefined ? [] : toRuntimeSelector(select),
    selectRequired: resource.selectRequired,
    shape: steps.map((step) => call(step) as Shaper),
    paginator: select === undefined ? runtime.detectRecords(paginator) : paginator,
    ...(plan.length > 0 && {
      plan: runtime.plan(...plan.map((part) => call(part) as Parameters<typeof runtime.plan>[number])),
    }),
    ...(auth !== undefined && { auth: auth && (call(auth) as Auth) }),
    ...(rateLimit && { rateLimit: call(rateLimit) as Limiter }),
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    primaryKey: resource.primaryKey,
  };
}

/** Calls the factory that a call names, as a generated module does. */
export function call(use: CallIr<JsonIr> & Pick<KindIr, "calls">): unknown {
  const { factory, options, selectors, calls = {} } = use;
  const given = compile(
    options,
    selectors.map((path) => path.split(".")),
  );
  const inner = Object.entries(calls).map(([name, each]) => [name, call(each)] as const);
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  return make(factory, isObject ? { ...given, ...Object.fromEntries(inner) } : given);
}

function make(factory: string, options: unknown): unknown {
  const factories = runtime as unknown as Readonly<Record<string, (options: unknown) => unknown>>;
  const found = factories[factory];
  if (!found) throw new Error(`the runtime exports no ${factory}`);
  return found(options);
}

/** Compiles the selectors in options; a path that ends at a value says that it is one. */
function compile(value: JsonIr, paths: readonly (readonly string[])[]): unknown {
  if (paths.length === 0) return value;
  if (typeof value === "string" && paths.some((path) => path.length === 0)) return toRuntimeSelector(value);
  if (typeof value !== "object" || value === null) return value;
  const below = (key: string): readonly (readonly string[])[] =>
    paths.filter(([first]) => first === "*" || first === key).map(([, ...rest]) => rest);
  if (Array.isArray(value))
    return (value as readonly JsonIr[]).map((item, at) => compile(item, below(String(at))));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, compile(item, below(key))]));
}

/** A selector of the IR: a normalised query as a path, the JSON of segments as a query. */
function toRuntimeSelector(selector: string): Path | Query {
  if (selector.startsWith("[")) {
    const segments = JSON.parse(selector) as QuerySegment[];
    return selector.includes('"fits"')
      ? runtime.query(segments, runtime.unicodePatterns())
      : runtime.query(segments);
  }
  const read = parseSelector(selector);
  if (!read.ok) throw new Error(read.message);
  return read.segments as Path;
}

function fromPairs(pairs: readonly Pair[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}
