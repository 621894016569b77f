import { detectRecords, integerFields, plan } from "@connector-gen/runtime";
import type {
  Auth,
  Cookies,
  Limiter,
  OptionSource,
  Paginator,
  ResourceShape,
  Selector,
  Shaper,
} from "@connector-gen/runtime/plugin";
import type { Source } from "@connector-gen/runtime";

import type { KindIr, Pair, ResourceIr, SelectorIr, SourceIr } from "../ir/source-ir.js";
import { callFactory, toSelector } from "./call-factory.js";

/**
 * Builds the descriptor that the source's generated module would hold, with the same factories. Leaves hooks out, because
 * they are functions of the app. Throws for a factory that the runtime does not export.
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
    factory: source.names.factory,
    baseUrl: source.baseUrl,
    options: Object.fromEntries([...secrets, ...config]),
    optionNames: source.optionNames,
    headers: fromPairs(source.headers),
    ...(source.auth && { auth: callFactory(source.auth) as Auth }),
    ...(source.cookies && { cookies: callFactory(source.cookies) as Cookies }),
    ...(source.rateLimit && { rateLimit: callFactory(source.rateLimit) as Limiter }),
    ...(source.retry && { retry: source.retry }),
    ...(source.timeoutMs !== undefined && { timeoutMs: source.timeoutMs }),
    ...(source.bigIntegers && { bigIntegers: source.bigIntegers }),
    ...(source.foreignOrigins && { foreignOrigins: source.foreignOrigins }),
    resources: Object.fromEntries(source.resources.map((resource) => [resource.name, toShape(resource)])),
  };
}

function toShape(resource: ResourceIr): ResourceShape {
  const { name, method, path, params, query, encode, body, decode, actions, select, layout, auth } = resource;
  const {
    rateLimit,
    retry,
    timeoutMs,
    foreignOrigins,
    plan: parts,
    bigIntegers,
    bigIntegerFields,
  } = resource;
  const paginator = createPaginator(resource);
  const steps = resource.shape.filter(({ hook }) => hook === undefined);
  return {
    name,
    method,
    path,
    params: Object.fromEntries(params.map((param) => [param.name, param.in])),
    query: Object.fromEntries(query.map((each) => [each.name, each.value])),
    ...(encode && { encode: callFactory(encode) as ResourceShape["encode"] & object }),
    headers: fromPairs(resource.headers),
    ...(body && { body: callFactory(body) as ResourceShape["body"] & object }),
    ...(decode && { decode: callFactory(decode) as ResourceShape["decode"] & object }),
    ...(actions && { actions: callFactory(actions) as ResourceShape["actions"] & object }),
    select: select === undefined ? [] : createSelector(select, layout),
    selectRequired: resource.selectRequired,
    shape: steps.map((step) => callFactory(step) as Shaper),
    paginator: select === undefined ? detectRecords(paginator) : paginator,
    ...(parts.length > 0 && {
      plan: plan(...parts.map((part) => callFactory(part) as Parameters<typeof plan>[number])),
    }),
    ...(auth !== undefined && { auth: auth && (callFactory(auth) as Auth) }),
    ...(rateLimit && { rateLimit: callFactory(rateLimit) as Limiter }),
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(bigIntegers && { bigIntegers }),
    ...(bigIntegerFields && {
      bigIntegerFields: integerFields(bigIntegerFields.root, bigIntegerFields.types),
    }),
    ...(foreignOrigins && { foreignOrigins }),
    primaryKey: resource.primaryKey,
    mergeKey: resource.mergeKey,
    writeDisposition: resource.writeDisposition,
    ...(resource.load && { load: resource.load }),
    selected: resource.selected,
  };
}

/** Creates the paginator of a resource, with its changes to the requests for further pages. */
function createPaginator({
  paginator,
  pageRequests,
}: Pick<ResourceIr, "paginator" | "pageRequests">): Paginator {
  const inner = callFactory(paginator) as Paginator;
  return pageRequests.reduce((page, call) => callFactory(call, page) as Paginator, inner);
}

function createSelector(select: SelectorIr, layout: KindIr | undefined): Selector {
  const selector = toSelector(select);
  return layout ? (callFactory(layout, selector) as Selector) : selector;
}

function fromPairs(pairs: readonly Pair[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}
