import { allowOnly, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { rowsOf, sortBy } from "./recipe.js";

/** A ticket in Zendesk's export format. */
export interface Ticket {
  readonly id: number;
  readonly subject: string | null;
  readonly status: string;
  readonly updated_at: string;
  readonly generated_timestamp: number;
}

/** A user in Zendesk's export format. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly updated_at: string;
}

const start = Date.UTC(2024, 0, 1) / 1000;

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Tickets, each changed an hour after the previous one. */
export function ticketsOf(count: number): readonly Ticket[] {
  return rowsOf(count, (id) => ({
    id,
    subject: `Ticket ${id}`,
    status: id % 50 === 0 ? "deleted" : "open",
    updated_at: isoOf(start + id * 3600),
    generated_timestamp: start + id * 3600,
  }));
}

/** Users, of which two change in each hour. */
export function usersOf(count: number): readonly User[] {
  return rowsOf(count, (id) => ({
    id,
    name: `User ${id}`,
    email: id % 3 === 0 ? null : `user${id}@example.com`,
    updated_at: isoOf(start + Math.floor(id / 2) * 3600),
  }));
}

/** Zendesk's API of the account `acme`. */
export function zendesk({
  tickets = [],
  users = [],
}: {
  tickets?: readonly Ticket[];
  users?: readonly User[];
}): ApiModel {
  return {
    origin: "https://acme.zendesk.com",
    toError: (status, description) =>
      status === 401 ? { error: description } : { error: "InvalidValue", description },
    check: ({ headers }) => {
      const pair = Buffer.from("reports@example.com/token:t0ken").toString("base64");
      if (headers.authorization !== `Basic ${pair}`) refuse(401, "Couldn't authenticate you");
    },
    routes: {
      "GET /api/v2/tickets": (call) => listTickets(call, tickets),
      "GET /api/v2/incremental/tickets/cursor": (call) => exportTickets(call, tickets),
      "GET /api/v2/incremental/users": (call) => exportUsers(call, users),
    },
  };
}

function listTickets({ query }: Call, tickets: readonly Ticket[]): Reply {
  allowOnly(query, "page[size]", "page[after]", "sort");
  const size = Number(query.get("page[size]") ?? refuse(400, "offset pagination is not part of this test"));
  if (size > 100) refuse(400, "page[size] must be at most 100");
  const from = fromCursor(query.get("page[after]"));
  const page = tickets.slice(from, from + size);
  const hasMore = from + size < tickets.length;
  const meta = {
    has_more: hasMore,
    after_cursor: toCursor(from + page.length),
    before_cursor: toCursor(from),
  };
  return {
    body: { tickets: page, meta, links: { prev: null, next: hasMore ? "https://acme.zendesk.com/…" : null } },
  };
}

function exportTickets({ origin, path, query }: Call, tickets: readonly Ticket[]): Reply {
  allowOnly(query, "start_time", "cursor", "per_page");
  const since = query.get("start_time");
  if (query.has("cursor") === (since !== null)) refuse(400, "Provide either start_time or cursor");
  if (since !== null) checkStart(since);
  const after = since === null ? fromCursor(query.get("cursor")) : Number(since) * 1e6 - 1;
  // A cursor is a position between two changes.
  const placeOf = ({ generated_timestamp, id }: Ticket): number => generated_timestamp * 1e6 + id;
  const rest = sortBy(tickets, placeOf).filter((ticket) => placeOf(ticket) > after);
  const page = rest.slice(0, 1000);
  const cursor = toCursor(Math.max(after, ...page.map(placeOf)));
  return {
    body: {
      tickets: page,
      after_url: `${origin}${path}?cursor=${cursor}`,
      after_cursor: cursor,
      before_url: null,
      end_of_stream: rest.length <= 1000,
    },
  };
}

function exportUsers({ origin, path, query }: Call, users: readonly User[]): Reply {
  allowOnly(query, "start_time", "per_page");
  const since = query.get("start_time") ?? refuse(400, "start_time is missing");
  checkStart(since);
  const rest = sortBy(users, ({ updated_at }) => updated_at).filter(
    ({ updated_at }) => Date.parse(updated_at) / 1000 >= Number(since),
  );
  const page = rest.slice(0, 1000);
  const last = page.at(-1);
  const end = last ? Date.parse(last.updated_at) / 1000 : Number(since);
  return {
    body: {
      users: page,
      count: page.length,
      end_time: end,
      end_of_stream: rest.length <= 1000,
      next_page: `${origin}${path}?start_time=${end}`,
    },
  };
}

function checkStart(text: string): void {
  if (!/^\d+$/.test(text)) refuse(400, "start_time must be an integer");
  if (Number(text) > Date.now() / 1000 - 60)
    refuse(400, "Too recent start_time. Use a start_time older than 60 seconds");
}

function toCursor(index: number): string {
  return Buffer.from(`MTU3NjYx:${index}`).toString("base64url");
}

function fromCursor(text: string | null): number {
  if (text === null) return 0;
  const [, index] = /^MTU3NjYx:(\d+)$/.exec(Buffer.from(text, "base64url").toString("utf8")) ?? [];
  return index === undefined ? refuse(400, "cursor is not valid") : Number(index);
}
