import type { JsonValue } from "@connector-gen/runtime";
import { defaultType, kindsOf } from "../../spec/kinds.js";
import { isTextConstant, type PyDict, type PyEntry, type PyValue } from "../python/values.js";
import type { Carrier, Spot } from "./carrier.js";
import { AUTH_TYPES, readAuthClass } from "./classes.js";
import { credentialOf } from "./credentials.js";

/** Keys of dlt's auth blocks that have no meaning outside of Python. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  session: "the generated client has its own way of sending",
  access_token: "a token is requested whenever one is needed",
};

/** Carries an auth block, or an instance of one of dlt's auth classes, over; any other instance becomes a function. */
export function carryAuth(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  const place: Spot = { ...spot, credential: "secret" };
  if (value.kind === "constant" && value.value === null) return null;
  if (isTextConstant(value) && isKnown(value.value)) return value.value;
  if (value.kind === "dict") return carryBlock(carrier, value, place);
  const instance = value.kind === "call" ? readAuthClass(value) : undefined;
  if (!instance) return custom(carrier, value, place);
  const type: PyValue = { kind: "constant", value: instance.type, origin: value.origin };
  const entries = new Map<string, PyEntry>([
    ["type", { key: value.origin, value: type }],
    ...instance.entries,
  ]);
  return carryBlock(carrier, { kind: "dict", entries, rest: instance.rest, origin: value.origin }, place);
}

function carryBlock(carrier: Carrier, block: PyDict, spot: Spot): JsonValue {
  const given = block.entries.get("type")?.value;
  const type = given === undefined ? defaultType("auth") : isTextConstant(given) ? given.value : undefined;
  if (type === undefined || !isKnown(type)) return custom(carrier, block, spot);
  return carrier.carryDict(block, spot, (value, own, key) => {
    const reason = type === "oauth2_client_credentials" ? LEFT_OUT[key] : undefined;
    if (reason !== undefined)
      return value.kind === "constant" && !value.value ? undefined : carrier.leaveOut(value, own, reason);
    const { credential: _, ...plain } = own;
    const credential = credentialOf(type, key);
    if (credential) return carrier.carry(value, { ...plain, text: "literal", credential });
    const isFixed = key === "type" || key === "name" || key === "location";
    return carrier.carry(value, { ...plain, text: isFixed ? "plain" : "literal" });
  });
}

function custom(carrier: Carrier, value: PyValue, spot: Spot): JsonValue {
  carrier.hook(value, spot, 'auth of type "custom"');
  return { type: "custom" };
}

function isKnown(type: string): boolean {
  return AUTH_TYPES.includes(type) || kindsOf("auth").some((kind) => kind.type === type);
}
