import {
  bearer,
  createReader,
  incremental,
  parallelPageNumber,
  plan,
  type ClientOptions,
  type ReadOptions,
  type RecordStream,
  type Resource,
  type Secret,
  type Source,
} from "../../runtime/src/index.js";

/** Creates the client of the reference's examples, in the form of a generated module. */
export function createShop(options: ShopOptions = {}): Shop {
  const reader = createReader(shopSource, options);
  return {
    customers: (read) => reader.read(customers, {}, read),
    events: (read) => reader.read(events, {}, read),
    orders: (params, read) => reader.read(orders, params, read),
  };
}

export interface ShopOptions extends ClientOptions {
  readonly token?: Secret | undefined;
}

export interface Shop {
  customers(options?: ReadOptions): RecordStream<Customer>;
  events(options?: ReadOptions): RecordStream<ShopEvent>;
  orders(params?: OrdersParams, options?: ReadOptions): RecordStream<Order>;
}

export interface OrdersParams {
  readonly status?: "open" | "paid" | undefined;
}

export interface Customer {
  readonly id: number;
  readonly name: string;
}

export interface ShopEvent {
  readonly id: number;
  readonly at: string;
}

export interface Order {
  readonly id: number;
  readonly total: number;
}

const paginator = parallelPageNumber({ limit: 100, basePage: 1, totalPath: ["pages"] });

const customers: Resource<Customer> = { name: "customers", path: "/customers", select: ["items"], paginator };

const events: Resource<ShopEvent> = {
  name: "events",
  path: "/events",
  query: { since: "{incremental.start_value}" },
  select: ["items"],
  paginator,
  plan: plan(incremental({ cursor: ["at"], initial: "2024-01-01" })),
};

const orders: Resource<Order, OrdersParams> = {
  name: "orders",
  path: "/orders",
  params: { status: "query" },
  select: ["items"],
  paginator,
};

const shopSource: Source = {
  name: "shop",
  factory: "createShop",
  baseUrl: "https://api.shop.example/v1",
  options: { "secrets.token": { option: "token", env: "SHOP_TOKEN" } },
  auth: bearer({ token: "{secrets.token}" }),
  resources: { customers, events, orders },
};
