import { allowOnly, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { rowsOf, sortBy } from "./recipe.js";

/** An order in Shopify's format. */
export interface Order {
  readonly id: number;
  readonly name: string;
  readonly total_price: string;
  readonly currency: string;
  readonly updated_at: string;
  readonly line_items: readonly object[];
}

/** Orders, each updated a minute after the previous one, in the time zone of the shop. */
export function ordersOf(count: number): readonly Order[] {
  return rowsOf(count, (number) => ({
    id: 5_000_000_000_000 + number,
    name: `#${1000 + number}`,
    total_price: `${number}.50`,
    currency: "USD",
    updated_at: new Date(Date.UTC(2024, 0, 1, 0, number)).toISOString().replace(".000Z", "-05:00"),
    line_items: [{ id: number * 10, quantity: 1 }],
  }));
}

const products = [{ id: 1, title: "Cup", updated_at: "2024-01-01T00:00:00-05:00" }];

/** Shopify's Admin API of the shop `acme`. */
export function shopify(orders: readonly Order[]): ApiModel {
  return {
    origin: "https://acme.myshopify.com",
    toError: (_status, errors) => ({ errors }),
    check: (call) => {
      if (call.headers["x-shopify-access-token"] !== "shpat_1")
        refuse(401, "[API] Invalid API key or access token (unrecognized login or wrong password)");
    },
    routes: {
      "GET /admin/api/2024-10/orders.json": (call) => {
        if (!call.query.has("page_info") && call.query.get("status") !== "any")
          refuse(400, "status: only open orders");
        return toPage(call, "orders", orders);
      },
      "GET /admin/api/2024-10/products.json": (call) => toPage(call, "products", products),
    },
  };
}

function toPage({ origin, path, query }: Call, key: string, rows: readonly Ordered[]): Reply {
  const pageInfo = query.get("page_info");
  const limit = Number(query.get("limit") ?? 50);
  if (limit > 250) refuse(400, "limit: must be at most 250");
  if (pageInfo !== null) allowOnly(query, "page_info", "limit", "fields");
  else allowOnly(query, "limit", "status", "order", "updated_at_min");
  const { since, after } =
    pageInfo === null ? { since: query.get("updated_at_min") ?? "", after: null } : decode(pageInfo);
  const found = sortBy(
    rows.filter(({ updated_at }) => Date.parse(updated_at) >= Date.parse(since)),
    keyOf,
  ).filter((row) => after === null || keyOf(row) > after);
  const page = found.slice(0, limit);
  const [first, last] = [page[0], page.at(-1)];
  const link = (row: Ordered, rel: string): string =>
    `<${origin}${path}?limit=${limit}&page_info=${encode({ since, after: keyOf(row) })}>; rel="${rel}"`;
  const links = [
    ...(after !== null && first ? [link(first, "previous")] : []),
    ...(found.length > limit && last ? [link(last, "next")] : []),
  ];
  return {
    body: { [key]: page },
    headers: {
      "x-shopify-shop-api-call-limit": "1/40",
      ...(links.length > 0 && { link: links.join(", ") }),
    },
  };
}

interface Ordered {
  readonly id: number;
  readonly updated_at: string;
}

/** Records are ordered by time, and within a second by id. */
function keyOf({ id, updated_at }: Ordered): string {
  return `${new Date(updated_at).toISOString()} ${String(id).padStart(20, "0")}`;
}

/** The filter of the first page, and the key of the last record. */
interface Position {
  readonly since: string;
  readonly after: string | null;
}

function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function decode(text: string): Position {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Position;
  } catch {
    return refuse(400, "page_info: Invalid value.");
  }
}
