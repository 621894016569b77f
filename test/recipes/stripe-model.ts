import { allowOnly, refuse, requireHeader, type ApiModel, type Call, type Reply } from "./api.js";
import { rowsOf } from "./recipe.js";

/** A charge in Stripe's format. */
export interface Charge {
  readonly id: string;
  readonly object: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: string;
  readonly customer: string | null;
  readonly created: number;
}

/** Charges, newest first. Two are created in each second. */
export function chargesOf(count: number): readonly Charge[] {
  return rowsOf(count, (number) => ({
    id: `ch_${String(number).padStart(6, "0")}`,
    object: "charge",
    amount: number * 100,
    currency: "eur",
    status: "succeeded",
    customer: number % 2 === 0 ? `cus_${number}` : null,
    created: 1_700_000_000 + Math.floor(number / 2),
  })).reverse();
}

/** Stripe's API. */
export function stripe(charges: readonly Charge[]): ApiModel {
  const events = charges.map((object, index) => ({
    id: `evt_${index}`,
    object: "event",
    type: "charge.succeeded",
    created: object.created,
    data: { object },
  }));
  return {
    origin: "https://api.stripe.com",
    toError: (status, message) => ({
      error: { type: status === 429 ? "api_error" : "invalid_request_error", message },
    }),
    check: (call) => {
      if (call.headers.authorization !== "Bearer sk_test_1") refuse(401, "Invalid API Key provided: *****");
      requireHeader(call, "Stripe-Version", "2024-06-20");
    },
    routes: {
      "GET /v1/charges": (call) => toList(call, charges),
      "GET /v1/events": (call) => toList(call, events),
    },
  };
}

function toList(
  { path, query }: Call,
  rows: readonly { readonly id: string; readonly created: number }[],
): Reply {
  allowOnly(query, "limit", "starting_after", "ending_before", "created[gte]");
  const limit = Number(query.get("limit") ?? 10);
  if (limit < 1 || limit > 100) refuse(400, "Invalid integer: limit");
  const found = rows.filter(({ created }) => created >= Number(query.get("created[gte]") ?? 0));
  const after = query.get("starting_after");
  const start = after === null ? 0 : found.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) refuse(400, `No such object: '${after}'`);
  const data = found.slice(start, start + limit);
  return { body: { object: "list", url: path, has_more: start + limit < found.length, data } };
}
