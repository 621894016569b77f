import type { IntegerFieldsIr, JsonIr, Pair, ResourceIr, RetryIr, SourceIr } from "../ir/source-ir.js";
import { printCall, printPaginator, printPlan, printRecords } from "./calls.js";
import type { Imports } from "./imports.js";
import { printLiteral, printString } from "./literal.js";

/** A property of a descriptor, as source text. */
export interface Property {
  readonly key: string;
  readonly value: string;
}

/** Returns the properties of the source except its resources, in the order of the runtime's `Source`. */
export function sourceProperties(source: SourceIr, imports: Imports): readonly Property[] {
  const secrets = source.secrets.map(
    ({ name, option, env }) => [`secrets.${name}`, { option, env }] as const,
  );
  const config = source.config.map(({ name, option }) => [`config.${name}`, { option }] as const);
  const options = [...secrets, ...config];
  return given({
    name: printString(source.name),
    factory: printString(source.names.factory),
    baseUrl: printString(source.baseUrl),
    options: options.length > 0 && printLiteral(Object.fromEntries(options)),
    optionNames: source.optionNames.length > 0 && printLiteral(source.optionNames),
    headers: printPairs(source.headers),
    auth: source.auth && printCall(source.auth, imports),
    cookies: source.cookies && printCall(source.cookies, imports),
    rateLimit: source.rateLimit && printCall(source.rateLimit, imports),
    retry: source.retry && printRetry(source.retry),
    timeoutMs: source.timeoutMs !== undefined && String(source.timeoutMs),
    bigIntegers: source.bigIntegers && printString(source.bigIntegers),
    foreignOrigins: source.foreignOrigins && printString(source.foreignOrigins),
  });
}

/** Returns the properties of a resource, in the order of the runtime's `ResourceShape`. */
export function resourceProperties(resource: ResourceIr, imports: Imports): readonly Property[] {
  const { auth, query, params, primaryKey, mergeKey, encode, body, decode, actions, rateLimit } = resource;
  const { select, selectRequired, layout, shape, plan, bigIntegerFields } = resource;
  const steps = shape.map((step) => printCall(step, imports));
  const paginator = printPaginator(resource, imports);
  return given({
    name: printString(resource.name),
    method: resource.method !== "GET" && printString(resource.method),
    path: printString(resource.path),
    params:
      params.length > 0 && printLiteral(Object.fromEntries(params.map((param) => [param.name, param.in]))),
    query:
      query.length > 0 && printLiteral(Object.fromEntries(query.map(({ name, value }) => [name, value]))),
    encode: encode && printCall(encode, imports),
    headers: printPairs(resource.headers),
    body: body && printCall(body, imports),
    decode: decode && printCall(decode, imports),
    actions: actions && printCall(actions, imports),
    select: select === undefined ? "[]" : printRecords(select, layout, imports),
    selectRequired: !selectRequired && "false",
    bigIntegers: resource.bigIntegers && printString(resource.bigIntegers),
    bigIntegerFields: bigIntegerFields && printIntegerFields(bigIntegerFields, imports),
    shape: steps.length > 0 && `[${steps.join(", ")}]`,
    paginator: select === undefined ? `${imports.use("detectRecords")}(${paginator})` : paginator,
    plan: plan.length > 0 && printPlan(plan, imports),
    auth: auth === null ? "null" : auth && printCall(auth, imports),
    rateLimit: rateLimit && printCall(rateLimit, imports),
    retry: resource.retry && printRetry(resource.retry),
    timeoutMs: resource.timeoutMs !== undefined && String(resource.timeoutMs),
    foreignOrigins: resource.foreignOrigins && printString(resource.foreignOrigins),
    primaryKey: primaryKey.length > 0 && printLiteral(primaryKey),
    mergeKey: mergeKey.length > 0 && printLiteral(mergeKey),
    writeDisposition: resource.writeDisposition !== "append" && printString(resource.writeDisposition),
    load: resource.load && printLiteral(resource.load),
    selected: !resource.selected && "false",
  });
}

/** Returns the properties that have a value, in the given order. */
function given(rows: Readonly<Record<string, string | false | undefined>>): readonly Property[] {
  return Object.entries(rows).flatMap(([key, value]) => (value ? [{ key, value }] : []));
}

function printIntegerFields({ root, types }: IntegerFieldsIr, imports: Imports): string {
  const given = [root, ...(types ? [types] : [])].map((each) => printLiteral(each as JsonIr));
  return `${imports.use("integerFields")}(${given.join(", ")})`;
}

function printRetry(retry: RetryIr): string {
  return printLiteral(retry as Readonly<Record<string, JsonIr>>);
}

function printPairs(pairs: readonly Pair[]): string | false {
  return pairs.length > 0 && printLiteral(Object.fromEntries(pairs.map(({ name, value }) => [name, value])));
}
