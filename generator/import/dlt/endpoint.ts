import type { JsonValue } from "@connector-gen/runtime";
import { toPythonText } from "../python/literals.js";
import { isTextConstant, type PyValue } from "../python/values.js";
import { carryAuth } from "./auth.js";
import type { Carrier, Spot } from "./carrier.js";
import { isCredentialHeader, isCredentialParam, isSecretName } from "./credentials.js";
import { asParameter, carryIncremental, readIncremental } from "./incremental.js";
import { carryPaginator } from "./paginator.js";

/** Carries an endpoint over: a path alone, or a dict. */
export function carryEndpoint(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (value.kind !== "dict") return carrier.carry(value, { ...spot, path: spot.path, text: "template" });
  return carrier.carryDict(value, spot, (entry, own, key) => carryKey(carrier, entry, { spot: own, key }));
}

function carryKey(
  carrier: Carrier,
  value: PyValue,
  { spot, key }: { spot: Spot; key: string },
): JsonValue | undefined {
  switch (key) {
    case "path":
      return carrier.carry(value, { ...spot, text: "template" });
    case "params":
      return carryEach(carrier, value, { spot, carry: carryParam });
    case "headers":
      return carryEach(carrier, value, { spot: { ...spot, text: "template" }, carry: carryHeader });
    case "json":
    case "data":
      return carryBody(carrier, value, { ...spot, text: "template" });
    case "auth":
      return carryAuth(carrier, value, spot);
    case "paginator":
      return carryPaginator(carrier, value, spot);
    case "incremental": {
      const block = readIncremental(value);
      if (block) return carryIncremental(carrier, block, spot);
      return value.kind === "constant"
        ? value.value
        : carrier.leaveOut(value, spot, "every run reads everything");
    }
    case "response_actions":
      return carryActions(carrier, value, spot);
    default:
      return carrier.carry(value, { ...spot, text: "plain" });
  }
}

/** Carries a header over; numbers become text, as Python would send them. */
export function carryHeader(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  const name = String(spot.path.at(-1));
  if (value.kind === "constant" && value.value === null)
    return carrier.leaveOut(value, spot, "it would not be sent");
  const carried = carrier.carry(value, {
    ...spot,
    ...(isCredentialHeader(name) && { credential: "secret" }),
  });
  return typeof carried === "number" || typeof carried === "boolean" ? toPythonText(carried) : carried;
}

/** Carries the entries of a dict over; anything but a dict is left out, as its keys are not known. */
export function carryEach(
  carrier: Carrier,
  value: PyValue,
  {
    spot,
    carry,
  }: { spot: Spot; carry: (carrier: Carrier, value: PyValue, spot: Spot) => JsonValue | undefined },
): JsonValue | undefined {
  if (value.kind === "constant" && value.value === null) return null;
  if (value.kind !== "dict") return carrier.leaveOut(value, spot);
  return carrier.carryDict(value, spot, (entry, own) => carry(carrier, entry, own));
}

function carryParam(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  const place: Spot = { ...spot, text: "template" };
  const type = value.kind === "dict" ? value.entries.get("type")?.value : undefined;
  if (value.kind === "dict" && isTextConstant(type) && type.value === "incremental")
    return carryIncremental(carrier, value, place);
  if (value.kind === "dict" && type) return carrier.carry(value, { ...spot, text: "plain" });
  const block = value.kind === "call" ? readIncremental(value) : undefined;
  if (block) return carryIncremental(carrier, asParameter(block), place);
  const isCredential = isCredentialParam(String(spot.path.at(-1)));
  return carrier.carry(value, { ...place, ...(isCredential && { credential: "secret" }) });
}

/** A body of any depth; what is kept under the name of a secret becomes one. */
function carryBody(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (value.kind === "dict") {
    return carrier.carryDict(value, spot, (entry, own, key) => {
      if (!isSecretName(key) || entry.kind === "dict" || entry.kind === "list")
        return carryBody(carrier, entry, own);
      const place: Spot = { ...own, credential: "secret" };
      // No later check looks into bodies.
      return isTextConstant(entry) && entry.value !== "" && !entry.value.includes("{")
        ? carrier.secret(entry, place)
        : carrier.carry(entry, place);
    });
  }
  if (value.kind !== "list") return carrier.carry(value, spot);
  const items = value.items.map((item, index) =>
    carryBody(carrier, item, { ...spot, path: [...spot.path, index] }),
  );
  return items.filter((item) => item !== undefined);
}

/** Actions that are known words go on; functions are left out, and so are words that mean nothing to dlt. */
function carryActions(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (value.kind !== "list") return carrier.carry(value, { ...spot, text: "plain" });
  const actions: JsonValue[] = [];
  for (const item of value.items) {
    const own: Spot = { ...spot, path: [...spot.path, actions.length], text: "plain" };
    const action = item.kind === "dict" ? item.entries.get("action")?.value : item;
    const isWord = isTextConstant(action);
    if (item.kind === "dict" && isWord && ACTIONS.has(action.value))
      actions.push(carrier.carry(item, own) ?? {});
    else carrier.leaveOut(action ?? item, spot, isWord ? NO_ACTION : "the response counts as it comes");
  }
  return actions;
}

const ACTIONS = new Set(["ignore", "retry", "fail"]);
const NO_ACTION = "dlt does nothing for this word; there are ignore, retry and fail";
