import { allowOnly, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** A ticket in Freshdesk's format. */
export interface Ticket {
  readonly id: number;
  readonly subject: string | null;
  readonly status: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Tickets, each updated a minute after the previous one. */
export function ticketsOf(count: number): readonly Ticket[] {
  return rowsOf(count, (id) => ({
    id,
    subject: id % 5 === 0 ? null : `Ticket ${id}`,
    status: 2 + (id % 4),
    created_at: "2024-01-01T00:00:00Z",
    updated_at: minutesLater(id),
  }));
}

/** Freshdesk's API of the account `acme`. Every ticket has 2 conversations, the first one 130. */
export function freshdesk(tickets: readonly Ticket[]): ApiModel {
  return {
    origin: "https://acme.freshdesk.com",
    toError: (status, message) =>
      status === 401
        ? { code: "invalid_credentials", message }
        : { description: "Validation failed", errors: [{ field: "page", message, code: "invalid_value" }] },
    check: ({ headers }) => {
      const expected = Buffer.from("key1:X").toString("base64");
      if (headers.authorization !== `Basic ${expected}`)
        refuse(401, "You have to be logged in to perform this action.");
    },
    routes: {
      "GET /api/v2/tickets": (call) => {
        const { query } = call;
        allowOnly(query, "page", "per_page", "order_by", "order_type", "updated_since", "include");
        if (query.get("order_by") !== "updated_at") refuse(400, "not sorted");
        if (Number(query.get("page") ?? 1) > 300)
          refuse(400, "You cannot access tickets beyond the 300th page");
        const since = query.get("updated_since") ?? refuse(400, "only the last 30 days");
        return toPage(
          call,
          sortBy(
            tickets.filter(({ updated_at }) => updated_at >= since),
            ({ updated_at }) => updated_at,
            query.get("order_type") ?? "desc",
          ),
        );
      },
      "GET /api/v2/tickets/:id/conversations": (call) => {
        allowOnly(call.query, "page", "per_page");
        const id = Number(call.params["id"]);
        return toPage(
          call,
          rowsOf(id === 1 ? 130 : 2, (number) => ({ id: id * 1000 + number, ticket_id: id, body_text: "…" })),
        );
      },
    },
  };
}

function toPage({ origin, path, query }: Call, rows: readonly unknown[]): Reply {
  const size = Number(query.get("per_page") ?? 30);
  if (size > 100) refuse(400, "It should be a Positive Integer less than or equal to 100");
  const page = Number(query.get("page") ?? 1);
  const next = new URLSearchParams(query);
  next.set("page", String(page + 1));
  const isLast = page * size >= rows.length;
  return {
    body: rows.slice((page - 1) * size, page * size),
    headers: isLast ? {} : { link: `<${origin}${path}?${next.toString()}>; rel="next"` },
  };
}
