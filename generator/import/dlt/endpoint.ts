import type { JsonValue } from "@connector-gen/runtime";
import { toPythonText } from "../python/literals.js";
import { isTextConstant, type PyValue } from "../python/values.js";
import { convertAuth } from "./auth.js";
import type { Converter, Target } from "./converter.js";
import { isCredentialHeader, isCredentialParam, isSecretName } from "./credentials.js";
import { asParameter, convertIncremental, readIncremental } from "./incremental.js";
import { convertPaginator } from "./paginator.js";

/** Converts an endpoint, which is a path or a dict. */
export function convertEndpoint(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (value.kind !== "dict")
    return converter.convert(value, { ...target, path: target.path, text: "template" });
  return converter.convertDict(value, target, (entry, own, key) =>
    convertKey(converter, entry, { target: own, key }),
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
      return convertBody(converter, value, { ...target, text: "template" });
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

/** Converts a header. Numbers become text as Python sends it. */
export function convertHeader(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  const name = String(target.path.at(-1));
  if (value.kind === "constant" && value.value === null)
    return converter.omit(value, target, "dlt does not send it");
  const converted = converter.convert(value, {
    ...target,
    ...(isCredentialHeader(name) && { credential: "secret" }),
  });
  return typeof converted === "number" || typeof converted === "boolean"
    ? toPythonText(converted)
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
  if (value.kind === "dict" && type) return converter.convert(value, { ...target, text: "plain" });
  const block = value.kind === "call" ? readIncremental(value) : undefined;
  if (block) return convertIncremental(converter, asParameter(block), template);
  const isCredential = isCredentialParam(String(target.path.at(-1)));
  return converter.convert(value, { ...template, ...(isCredential && { credential: "secret" }) });
}

/** Converts a body of any depth. Values with the name of a secret become secrets. */
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
    else
      converter.omit(
        action ?? item,
        target,
        isText ? unknownAction : "the response is not handled specially",
      );
  }
  return actions;
}

const knownActions = new Set(["ignore", "retry", "fail"]);
const unknownAction = "dlt ignores unknown actions; valid actions are ignore, retry and fail";
