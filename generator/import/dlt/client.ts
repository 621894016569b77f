import type { JsonValue } from "@connector-gen/runtime";
import { isTextConstant, type PyValue } from "../python/values.js";
import { carryAuth } from "./auth.js";
import type { Carrier, Spot } from "./carrier.js";
import { carryEach, carryHeader } from "./endpoint.js";
import { carryPaginator } from "./paginator.js";

/** Carries what all requests have in common over. There is always a base URL: an option, where it is not known. */
export function carryClient(
  carrier: Carrier,
  value: PyValue | undefined,
  spot: Spot,
): Record<string, JsonValue> {
  const client = value?.kind === "dict" ? value : undefined;
  if (value && !client) carrier.leaveOut(value, spot);
  const carried = client ? carryKeys(carrier, client, spot) : {};
  if (typeof carried["base_url"] === "string") return carried;
  const base: Spot = { ...spot, path: [...spot.path, "base_url"], isPublic: true };
  return { ...carried, base_url: carrier.missing(base, value?.origin) };
}

function carryKeys(
  carrier: Carrier,
  client: PyValue & { readonly kind: "dict" },
  spot: Spot,
): Record<string, JsonValue> {
  return carrier.carryDict(client, spot, (value, own, key) => {
    switch (key) {
      case "base_url":
        return carryBaseUrl(carrier, value, { ...own, text: "literal", isPublic: true });
      case "headers":
        return carryEach(carrier, value, { spot: { ...own, text: "header" }, carry: carryHeader });
      case "auth":
        return carryAuth(carrier, value, own);
      case "paginator":
        return carryPaginator(carrier, value, own);
      case "session":
        if (value.kind === "constant") return undefined;
        return carrier.leaveOut(
          value,
          { ...own, credential: "secret" },
          "give the factory a fetch of your own instead",
        );
      default:
        return carrier.carry(value, { ...own, text: "plain" });
    }
  });
}

/** Credentials and queries have no business in a base URL, and may be secret. */
function carryBaseUrl(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (!isTextConstant(value)) return carrier.carry(value, spot);
  const [, scheme = "", user, rest = "", query] = URL_PARTS.exec(value.value) ?? [];
  if (user === undefined && query === undefined) return carrier.carry(value, spot);
  carrier.hidden.push(value.origin);
  if (user !== undefined) carrier.leaveOut(value, spot, "credentials belong in auth, as http_basic");
  if (query !== undefined) carrier.leaveOut(value, spot, "the query of a base URL belongs in params");
  return carrier.carry({ ...value, value: scheme + rest }, spot);
}

const URL_PARTS = /^([a-z]+:\/\/)([^/@?]*@)?([^?]*)(\?.*)?$/is;
