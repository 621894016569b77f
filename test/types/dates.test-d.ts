/**
 * The date-times of records that are `Date`s, and those that are texts. Checked by `test/compatibility.test.ts` under every
 * supported TypeScript.
 */
import { createDated, type Order, type RawOrder, type Reply } from "../cases/dates/out.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function assert<T extends true>(): T;

assert<Equal<Order["created_at"], Date>>();
assert<Equal<NonNullable<Order["closed_at"]>, Date>>();
assert<Equal<NonNullable<Order["day"]>, string>>();
assert<Equal<Order["lines"][number]["shipped_at"], Date>>();
assert<Equal<Order["history"][string], Date>>();
assert<Equal<Order["span"], readonly [string, Date, Date | null]>>();
assert<Equal<Extract<Order["payment"], { kind: "card" }>["at"], Date>>();
assert<Equal<Extract<Order["payment"], { kind: "cash" }>["at"], string>>();
assert<Equal<Reply["commented_at"], Date>>();
assert<Equal<RawOrder["created_at"], string>>();
assert<Equal<RawOrder["lines"][number]["shipped_at"], string>>();

const client = createDated({
  hooks: {
    orders: { filter: (order) => order.created_at.startsWith("2024") },
    mapped: { map: (comment) => ({ year: comment.at.slice(0, 4) }) },
  },
});

export async function read(): Promise<void> {
  for await (const order of client.orders({ since: "2024-01-01T00:00:00Z" })) order.created_at.getTime();
  for await (const { year } of client.mapped()) year.toUpperCase();
  // @ts-expect-error a parameter is the text that the API reads
  client.orders({ since: new Date() });
  // @ts-expect-error a child takes its parent's key as the API spells it
  client.replies({ comment_at: new Date() });
}
