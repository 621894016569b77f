import type { JsonValue } from "@connector-gen/runtime";
import type { SyntaxNode } from "@lezer/common";
import { toPythonText } from "../python/literals.js";
import { walk } from "../python/nodes.js";
import { constant, isTextConstant, type PyDict, type PyReference, type PyValue } from "../python/values.js";
import { convertAuth } from "./auth.js";
import type { Converter, Target } from "./converter.js";
import { isCredentialHeader, isCredentialParam, isSecretName } from "./credentials.js";
import { asParameter, convertIncremental, readIncremental } from "./incremental.js";
import { replaceIncremental } from "./missing-incremental.js";
import { modernize } from "./modernize.js";
import { convertPaginator } from "./paginator.js";
import { fixedName } from "./value-names.js";

/** Converts an endpoint, which is a path or a dict. */
export function convertEndpoint(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (value.kind !== "dict")
    return converter.convert(value, { ...target, path: target.path, text: "template" });
  const path = value.entries.get("path")?.value;
  const isSingleEntity = isTextConstant(path) && /\{[\w.-]+\}[^/]*\/?$/.test(path.value);
  const converted = converter.convertDict(value, target, (entry, own, key) =>
    convertKey(converter, entry, { target: { ...own, isSingleEntity }, key }),
  );
  const isLost = value.entries.has("incremental") && !("incremental" in converted);
  const own = isLost ? replaceIncremental(converter, converted, target) : converted;
  const whole = { ...own, ...withoutInherited(value, converted, target) };
  return target.owner === undefined ? whole : modernize(whole);
}

/** Values for keys whose own value is omitted, so the resource does not inherit the defaults. */
const neutralValues: Readonly<Record<string, JsonValue>> = {
  paginator: "auto",
  data_selector: null,
  response_actions: [],
  incremental: null,
};

function withoutInherited(
  { entries }: PyDict,
  converted: Readonly<Record<string, JsonValue>>,
  { inherited }: Target,
): Record<string, JsonValue> {
  const omitted = [...entries.keys()].filter((key) => inherited?.has(key) === true && !(key in converted));
  return Object.fromEntries(
    omitted.flatMap((key): [string, JsonValue][] => {
      const neutral = Object.hasOwn(neutralValues, key) ? neutralValues[key] : undefined;
      return neutral === undefined ? [] : [[key, neutral]];
    }),
  );
}

function convertKey(
  converter: Converter,
  value: PyValue,
  { target, key }: { target: Target; key: string },
): JsonValue | undefined {
  switch (key) {
    case "path":
      return converter.convert(value, { ...target, text: "template" });
    case "params":
      return convertEach(converter, value, { target, convert: convertParam });
    case "headers":
      return convertEach(converter, value, {
        target: { ...target, text: "template" },
        convert: convertHeader,
      });
    case "json":
    case "data":
      return convertWholeBody(converter, value, { target: { ...target, text: "template" }, key });
    case "auth":
      return convertAuth(converter, value, target);
    case "paginator":
      return convertPaginator(converter, value, target);
    case "incremental": {
      const block = readIncremental(value);
      if (block) return convertIncremental(converter, block, target);
      return value.kind === "constant"
        ? value.value
        : converter.omit(value, target, "every run reads all records");
    }
    case "response_actions":
      return convertActions(converter, value, target);
    default:
      return converter.convert(value, { ...target, text: "plain" });
  }
}

/** Converts a header. Numbers become text in the form that Python sends. */
export function convertHeader(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  const name = String(target.path.at(-1));
  if (value.kind === "constant" && value.value === null)
    return converter.omit(value, target, "dlt does not send it");
  const converted = converter.convert(value, {
    ...target,
    ...(isCredentialHeader(name) && { credential: "secret" }),
  });
  return typeof converted === "number" || typeof converted === "boolean"
    ? toPythonText({ value: converted })
    : converted;
}

/** Converts the entries of a dict. Omits any other value, because its keys are unknown. */
export function convertEach(
  converter: Converter,
  value: PyValue,
  {
    target,
    convert,
  }: {
    target: Target;
    convert: (converter: Converter, value: PyValue, target: Target) => JsonValue | undefined;
  },
): JsonValue | undefined {
  if (value.kind === "constant" && value.value === null) return null;
  if (value.kind !== "dict") return converter.omit(value, target);
  return converter.convertDict(value, target, (entry, own) => convert(converter, entry, own));
}

function convertParam(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  const template: Target = { ...target, text: "template" };
  const type = value.kind === "dict" ? value.entries.get("type")?.value : undefined;
  if (value.kind === "dict" && isTextConstant(type) && type.value === "incremental")
    return convertIncremental(converter, value, template);
  if (value.kind === "dict" && type)
    return converter.convert(withFixedResource(value), { ...target, text: "plain" });
  const block = value.kind === "call" ? readIncremental(value) : undefined;
  if (block) return convertIncremental(converter, asParameter(block), template);
  const isCredential = isCredentialParam(String(target.path.at(-1)));
  if (isOptionalInput(value) && !isCredential) return inputFor(value);
  // Python sends a `datetime` object with a space between date and time.
  if (value.kind === "constant" && value.isTime)
    return converter.convert(
      { ...value, value: String(value.value).replace("T", " ").replace(/Z$/, "+00:00") },
      template,
    );
  // Python sends 2.0 with its decimal, and 1e-05 with its exponent.
  if (value.kind === "constant" && value.isFloat && toPythonText(value) !== String(value.value))
    return converter.convert(constant(toPythonText(value), value.origin), template);
  return converter.convert(value, { ...template, ...(isCredential && { credential: "secret" }) });
}

/** Replaces the resource name in a `resolve` block by the name of that resource in the spec. */
function withFixedResource(block: PyDict): PyDict {
  const resource = block.entries.get("resource");
  const name = fixedName(resource?.value);
  if (!resource || name === undefined) return block;
  const value = constant(name, resource.value.origin);
  return { ...block, entries: new Map([...block.entries, ["resource", { ...resource, value }]]) };
}

/** Whether a value is a parameter of a function whose default is `None`: dlt sends it only if it is given. */
function isOptionalInput(value: PyValue): value is PyReference {
  return (
    value.kind === "reference" &&
    value.store === "parameter" &&
    value.isOptional === true &&
    value.fallback === undefined &&
    !isSecretName(value.key)
  );
}

/** JSON Schema types by Python annotation. */
const inputTypes: Readonly<Record<string, string>> = { int: "integer", float: "number", bool: "boolean" };

/** Creates an optional parameter of the generated method. */
function inputFor({ annotation }: PyReference): JsonValue {
  const name = /^(?:(?:typing\.)?Optional\[(\w+)\]|(\w+)\s*\|\s*None|(\w+))$/.exec(annotation ?? "");
  const type = inputTypes[name?.[1] ?? name?.[2] ?? name?.[3] ?? ""];
  return { type: "input", ...(type !== undefined && { schema: { type } }) };
}

/** Converts a body. No option can replace a JSON body as a whole, because its fields are unknown. */
function convertWholeBody(
  converter: Converter,
  value: PyValue,
  { target, key }: { readonly target: Target; readonly key: string },
): JsonValue | undefined {
  const isKnown = value.kind === "dict" || value.kind === "list" || value.kind === "constant";
  if (isKnown || (key === "data" && value.kind === "text")) return convertBody(converter, value, target);
  return converter.omit(value, target, "the request has no body; write the body into the spec");
}

/** Converts a body of any depth. Values whose names denote a secret become secrets. */
function convertBody(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (value.kind === "dict") {
    return converter.convertDict(value, target, (entry, own, key) => {
      if (!isSecretName(key) || entry.kind === "dict" || entry.kind === "list")
        return convertBody(converter, entry, own);
      const secretTarget: Target = { ...own, credential: "secret" };
      // No later check finds literal secrets in bodies.
      return isTextConstant(entry) && entry.value !== "" && !entry.value.includes("{")
        ? converter.replaceSecret(entry, secretTarget)
        : converter.convert(entry, secretTarget);
    });
  }
  if (value.kind !== "list") return converter.convert(value, target);
  const items = value.items.map((item, index) =>
    convertBody(converter, item, { ...target, path: [...target.path, index] }),
  );
  return items.filter((item) => item !== undefined);
}

/** Converts response actions. Omits functions and actions that dlt does not know. */
function convertActions(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (value.kind !== "list") return converter.convert(value, { ...target, text: "plain" });
  const actions: JsonValue[] = [];
  for (const item of value.items) {
    const own: Target = { ...target, path: [...target.path, actions.length], text: "plain" };
    const action = item.kind === "dict" ? item.entries.get("action")?.value : item;
    const isText = isTextConstant(action);
    if (item.kind === "dict" && isText && knownActions.has(action.value))
      actions.push(converter.convert(item, own) ?? {});
    else converter.omit(action ?? item, target, isText ? unknownAction : functionAction(action));
  }
  return actions.length > 0 || value.items.length === 0 ? actions : undefined;
}

/** Explains the effect of omitting a function that dlt calls with every response. */
function functionAction(action: PyValue | undefined): string {
  const isRewriting = action?.kind === "function" && writesBody(action.node);
  return isRewriting
    ? "the function changes the body before the records are selected; pass a fetch that does so to the factory, or correct data_selector"
    : "the function is not called; pass a fetch to the factory that handles the response";
}

/** Whether a function assigns the body or the encoding of a response. */
function writesBody(definition: SyntaxNode): boolean {
  let writes = false;
  walk(definition, (node) => {
    const target = node.name === "AssignStatement" ? node.firstChild : null;
    if (target?.name === "MemberExpression" && target.lastChild?.name === "PropertyName") writes = true;
    return !writes;
  });
  return writes;
}

const knownActions = new Set(["ignore", "retry", "fail"]);
const unknownAction = "dlt ignores unknown actions; valid actions are ignore, retry and fail";
