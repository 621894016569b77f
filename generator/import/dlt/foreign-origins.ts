import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { isObject, listOf, own } from "../../spec/values.js";
import type { Converter } from "./converter.js";

/** Reports requests to an origin other than that of the base URL. dlt sends the client's credentials there, too. */
export function reportForeignOrigins(converter: Converter, spec: JsonObject): void {
  const client = own(spec, "client");
  if (!hasCredentials(client)) return;
  const base = originOf(own(client, "base_url"));
  listOf(spec["resources"]).forEach((resource, index) => {
    const endpoint = own(resource, "endpoint");
    const origin = originOf(own(endpoint, "path"));
    if (origin === undefined || origin === base || own(endpoint, "auth") !== undefined) return;
    const path = ["resources", index, "endpoint", "path"];
    const { from, to } = converter.origins.get(JSON.stringify(path)) ?? { from: 0, to: 0 };
    const instead = `omitted: the client sends them to the origin of base_url only, unless its option allowedOrigins contains "${origin}"`;
    converter.report({ code: "omitted", path, what: "credentials for", instead, from, to });
  });
}

function hasCredentials(client: unknown): boolean {
  const auth = own(client, "auth");
  const headers = own(client, "headers");
  const values: readonly JsonValue[] = isObject(headers) ? Object.values(headers as JsonObject) : [];
  return (
    (auth !== undefined && auth !== null) ||
    values.some((value) => typeof value === "string" && value.includes("{secrets."))
  );
}

function originOf(url: unknown): string | undefined {
  return typeof url === "string"
    ? /^https?:\/\/[^/?#{}]+(?=[/?#]|$)/i.exec(url)?.[0].toLowerCase()
    : undefined;
}
