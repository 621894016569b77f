import { createReader, type ClientOptions, type RecordStream, type Resource } from "@connector-gen/runtime";
import type { Paginator, ResourceShape, Source } from "@connector-gen/runtime/plugin";

/** The secret of the tests' clients. No output of the runtime may contain it. */
export const canary = "canary-5e2f81c04b";

/** A record of the tests' shop. */
export interface Order {
  readonly id: number;
}

/** The parts of a client that a test replaces. */
export interface ShopParts {
  readonly source?: Partial<Source> | undefined;
  readonly resource?: Partial<ResourceShape> | undefined;
  readonly options?: (ClientOptions & Readonly<Record<string, unknown>>) | undefined;
}

/** Sends `?page=0`, `?page=1`, …; `{"items": […], "more": true}` has a next page. Written as an app would write it. */
export const byPage: Paginator = {
  type: "by_page",
  options: {},
  start: { page: 0 },
  request: ({ page = 0 }) => ({ query: { page: Number(page) } }),
  next: ({ page = 0 }, { body }) =>
    (body as { readonly more?: boolean }).more
      ? { next: { page: Number(page) + 1 } }
      : { stop: "has_more_false" },
};

/** The resource `orders` of a shop at a URL. */
function orders(resource: Partial<ResourceShape> = {}): Resource<Order> {
  return {
    name: "orders",
    path: "/orders",
    select: ["items"],
    paginator: byPage,
    ...resource,
  } as Resource<Order>;
}

/** Opens a stream of orders. The client has the secret `token`; its retries do not wait. */
export function openOrders(
  url: string,
  { source, resource, options }: ShopParts = {},
): (read?: Parameters<ReturnType<typeof createReader>["read"]>[2]) => RecordStream<Order> {
  const shape = orders(resource);
  const shop: Source = {
    name: "shop",
    baseUrl: url,
    options: { "secrets.token": { option: "token", env: "SHOP_TOKEN" } },
    optionNames: Object.keys(options ?? {}),
    resources: { orders: shape },
    ...source,
  };
  const { retry, ...rest } = options ?? {};
  const given = { token: canary, ...rest, retry: { backoffMs: 1, ...retry } } as ClientOptions;
  const reader = createReader(shop, given);
  return (read) => reader.read(shape, {}, read);
}
