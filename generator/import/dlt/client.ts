import type { JsonValue } from "@connector-gen/runtime";
import { isTextConstant, joinText, type PyValue } from "../python/values.js";
import { convertAuth } from "./auth.js";
import { withBasicAuth } from "./basic-header.js";
import type { Converter, Target } from "./converter.js";
import { convertEach, convertHeader } from "./endpoint.js";
import { convertPaginator } from "./paginator.js";

/** Converts the client. If its base URL is unknown, the base URL becomes an option. */
export function convertClient(
  converter: Converter,
  value: PyValue | undefined,
  target: Target,
): Record<string, JsonValue> {
  const client = value?.kind === "dict" ? withBasicAuth(value) : undefined;
  if (value && !client) converter.omit(value, target);
  const converted = client ? convertKeys(converter, client, target) : {};
  if (typeof converted["base_url"] === "string") return converted;
  const base: Target = { ...target, path: [...target.path, "base_url"], isPublic: true };
  return { ...converted, base_url: converter.addOption(base, value?.origin) };
}

function convertKeys(
  converter: Converter,
  client: PyValue & { readonly kind: "dict" },
  target: Target,
): Record<string, JsonValue> {
  return converter.convertDict(client, target, (value, own, key) => {
    switch (key) {
      case "base_url":
        return convertBaseUrl(converter, value, { ...own, text: "literal", isPublic: true });
      case "headers":
        return convertEach(converter, value, { target: { ...own, text: "header" }, convert: convertHeader });
      case "auth":
        return convertAuth(converter, value, own);
      case "paginator":
        return convertPaginator(converter, value, own);
      case "session":
        if (value.kind === "constant") return undefined;
        return converter.omit(
          value,
          { ...own, credential: "secret" },
          "pass a custom fetch to the factory instead",
        );
      default:
        return converter.convert(value, { ...own, text: "plain" });
    }
  });
}

/** Converts a base URL. Omits credentials and a query, because they may be secret. */
function convertBaseUrl(converter: Converter, given: PyValue, target: Target): JsonValue | undefined {
  const value = withDefaults(given);
  if (!isTextConstant(value)) return converter.convert(value, target);
  const [, scheme = "", user, rest = "", query] = urlParts.exec(value.value) ?? [];
  if (user === undefined && query === undefined) return converter.convert(value, target);
  converter.hide(value.origin);
  if (user !== undefined) converter.omit(value, target, "move the credentials to auth with type http_basic");
  if (query !== undefined) converter.omit(value, target, "move the query of the base URL to params");
  return converter.convert({ ...value, value: scheme + rest }, target);
}

/** Replaces parameters by their default values: the client option `baseUrl` overrides the base URL anyway. */
function withDefaults(value: PyValue): PyValue {
  if (value.kind === "text") {
    const parts = value.parts.map((part) => (typeof part === "string" ? part : withDefaults(part)));
    return joinText(parts, value.origin);
  }
  const isParameter = value.kind === "reference" && value.store === "parameter";
  return isParameter && isTextConstant(value.fallback) ? value.fallback : value;
}

const urlParts = /^([a-z]+:\/\/)([^/@?]*@)?([^?]*)(\?.*)?$/is;
