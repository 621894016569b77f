import {
  createReader,
  singlePage,
  type ClientOptions,
  type ReadOptions,
  type RecordStream,
  type Resource,
  type Secret,
  type Source,
} from "@connector-gen/runtime";
import { hmacAuth } from "./hmac-auth.js";
import { xml } from "./xml-decoder.js";

/** A record of `orders`. */
export interface Order {
  readonly "@id": string;
  readonly total: string;
}

const orders: Resource<Order> = {
  name: "orders",
  path: "/v1/orders",
  decode: xml({ lists: ["order"] }),
  select: ["orders", "order"],
  paginator: singlePage(),
};

/** The shop as data. */
export const shopSource: Source = {
  name: "shop",
  baseUrl: "https://api.example.com",
  options: {
    "config.key_id": { option: "keyId" },
    "secrets.signing_key": { option: "signingKey", env: "SHOP_SIGNING_KEY" },
  },
  auth: hmacAuth({ keyId: "{config.key_id}", signingKey: "{secrets.signing_key}" }),
  resources: { orders },
};

/** The options of a client. */
export interface ShopOptions extends ClientOptions {
  readonly keyId: string;
  /** Default: the environment variable `SHOP_SIGNING_KEY`. */
  readonly signingKey?: Secret | undefined;
}

/** The client of the shop. */
export interface Shop {
  orders(options?: ReadOptions): RecordStream<Order>;
}

/** Creates a client of the shop. */
export function createShop(options: ShopOptions): Shop {
  const reader = createReader(shopSource, options);
  return { orders: (read) => reader.read(orders, {}, read) };
}
