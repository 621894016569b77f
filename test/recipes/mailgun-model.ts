import { allowOnly, refuse, type ApiModel } from "./api.js";
import { rowsOf, sortBy } from "./recipe.js";

/** An event in Mailgun's format. */
export interface Event {
  readonly id: string;
  readonly event: string;
  readonly timestamp: number;
  readonly recipient: string;
}

/** Events, each ten minutes after the previous one. */
export function eventsOf(count: number): readonly Event[] {
  return rowsOf(count, (number) => ({
    id: `e${number}`,
    event: number % 2 === 0 ? "delivered" : "accepted",
    timestamp: 1_700_000_000.25 + number * 600,
    recipient: `person${number}@example.com`,
  }));
}

/** Mailgun's API with one domain. */
export function mailgun(events: readonly Event[]): ApiModel {
  return {
    origin: "https://api.mailgun.net",
    toError: (status, message) => (status === 401 ? "Forbidden" : { message }),
    check: ({ headers }) => {
      const pair = Buffer.from("api:key-1").toString("base64");
      if (headers.authorization !== `Basic ${pair}`) refuse(401, "Forbidden");
    },
    routes: {
      "GET /v3/mg.example.com/events": ({ origin, path, query }) => {
        allowOnly(query, "begin", "end", "ascending", "limit", "event");
        if (query.get("ascending") !== "yes") refuse(400, "the test needs ascending events");
        return toPage(`${origin}${path}`, {
          after: Number(query.get("begin")) - 1e-6,
          limit: limitOf(query),
        });
      },
      "GET /v3/mg.example.com/events/:page": ({ origin, path, params, query }) => {
        allowOnly(query);
        const url = `${origin}${path.slice(0, path.lastIndexOf("/"))}`;
        const [after, limit] = Buffer.from(params["page"] ?? "", "base64url")
          .toString("utf8")
          .split("|")
          .map(Number);
        if (after === undefined || limit === undefined) return refuse(400, "invalid page");
        return toPage(url, { after, limit });
      },
      "GET /v3/missing.example.com/events": () => refuse(404, "Domain not found: missing.example.com"),
    },
  };

  /** Every page has a next one, which starts after the last event. */
  function toPage(
    url: string,
    { after, limit }: { after: number; limit: number },
  ): { readonly body: object } {
    const items = sortBy(events, ({ timestamp }) => timestamp)
      .filter(({ timestamp }) => timestamp > after)
      .slice(0, limit);
    const link = (time: number): string => `${url}/${Buffer.from(`${time}|${limit}`).toString("base64url")}`;
    const next = link(items.at(-1)?.timestamp ?? after);
    return { body: { items, paging: { next, previous: link(after), first: link(0), last: link(after) } } };
  }
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? 100);
  return limit <= 300 ? limit : refuse(400, "limit must be at most 300");
}
