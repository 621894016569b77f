import type { JsonValue } from "@connector-gen/runtime";
import { defaultType, kindsOf } from "../../spec/kinds.js";
import { isTextConstant, type PyDict, type PyValue } from "../python/values.js";
import { authTypes, blockOf, optionOf, readAuthClass } from "./classes.js";
import type { Converter, Target } from "./converter.js";
import { credentialOf } from "./credentials.js";

/** Keys of dlt's auth blocks without a meaning outside Python, and why they are omitted. */
const omittedKeys: Readonly<Record<string, string>> = {
  session: "the generated client sends requests without a session",
  access_token: "the generated client requests a token when it needs one",
};

/** Converts an auth block, or an instance of one of dlt's auth classes. Any other value becomes a typed function. */
export function convertAuth(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  const secretTarget: Target = { ...target, credential: "secret" };
  if (value.kind === "constant" && value.value === null) return null;
  if (isTextConstant(value) && isKnown(value.value)) return value.value;
  if (value.kind === "dict") return convertBlock(converter, value, secretTarget);
  const instance = value.kind === "call" ? readAuthClass(value) : undefined;
  if (!instance) return customAuth(converter, value, secretTarget);
  return convertBlock(converter, blockOf(instance, value.origin), secretTarget);
}

function convertBlock(converter: Converter, block: PyDict, target: Target): JsonValue {
  const given = block.entries.get("type")?.value;
  const type = given === undefined ? defaultType("auth") : isTextConstant(given) ? given.value : undefined;
  if (type === undefined || !isKnown(type)) return customAuth(converter, block, target);
  return converter.convertDict(block, target, (value, own, key) => {
    const reason = type === "oauth2_client_credentials" ? omittedKeys[key] : undefined;
    if (reason !== undefined)
      return value.kind === "constant" && !value.value ? undefined : converter.omit(value, own, reason);
    const { credential: _, ...plain } = own;
    if (isStructure(type, key) && !/^(?:dict|list|constant)$/.test(value.kind))
      return converter.omit(value, plain, "no option can replace it; write it into the spec");
    const credential = credentialOf(type, key);
    if (credential) return converter.convert(value, { ...plain, text: "literal", credential });
    const isFixed = key === "type" || key === "name" || key === "location";
    return converter.convert(value, { ...plain, text: isFixed ? "plain" : "literal" });
  });
}

/** Types of options that are not text. */
const structures = new Set(["object", "json", "names", "list", "map", "group", "form", "values"]);

function isStructure(type: string, key: string): boolean {
  const option = optionOf("auth", type, key);
  return option !== undefined && structures.has(option.type);
}

function customAuth(converter: Converter, value: PyValue, target: Target): JsonValue {
  converter.replaceByHook(value, target, 'auth of type "custom"');
  return { type: "custom" };
}

function isKnown(type: string): boolean {
  return authTypes.includes(type) || kindsOf("auth").some((kind) => kind.type === type);
}
