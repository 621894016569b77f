import { describe, expect, it } from "vitest";
import { errorOf, idsOf, span } from "../fixtures.js";
import type { Fault } from "../faults.js";
import { gone, openApi } from "../paginators/paged-api.js";
import { until } from "../server.js";

describe("reading ahead", () => {
  const depths = [
    { name: "one page by default", client: {}, read: {}, want: [2, 3, 4, 5, 5] },
    { name: "one page with a concurrency of 1", client: {}, read: { concurrency: 1 }, want: [2, 3, 4, 5, 5] },
    { name: "nothing without readAhead", client: {}, read: { readAhead: false }, want: [1, 2, 3, 4, 5] },
    { name: "by the client's option", client: { readAhead: false }, read: {}, want: [1, 2, 3, 4, 5] },
    {
      name: "by the read's option, which overrides the client's",
      client: { readAhead: false },
      read: { readAhead: true },
      want: [2, 3, 4, 5, 5],
    },
  ];
  it.each(depths)("is $name", async ({ client, read, want }) => {
    const { server, read: openRead } = await openApi({}, { options: client });
    for await (const { number } of openRead(read).pages()) {
      const requests = want[number - 1] ?? 0;
      await until(() => server.seen.length >= requests, `request ${requests}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(server.seen).toHaveLength(requests);
    }
  });

  it("stops when the consumer breaks off: one page more at most, and its request is given up", async () => {
    const silent: Fault = () => undefined;
    const { server, read } = await openApi({ faults: { 2: [silent] } });
    const got: number[] = [];
    for await (const { records, number } of read().pages()) {
      got.push(...idsOf(records));
      if (number < 2) continue;
      await until(() => server.seen.length === 3, "the page ahead");
      break;
    }
    expect(got).toEqual(span(1, 20));
    await until(() => server.seen[2]?.isAborted === true, "the request given up");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.seen).toHaveLength(3);
  });

  it("stops when the consumer throws", async () => {
    const { server, read } = await openApi();
    const reading = (async () => {
      for await (const { id } of read()) if (id === 3) throw new Error("mine");
    })();
    await expect(reading).rejects.toThrow("mine");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.seen.length).toBeLessThanOrEqual(2);
  });

  it("that fails is reported when the consumer requests it, after all earlier records", async () => {
    const { server, read } = await openApi({ faults: { 2: [gone] } });
    const got: number[] = [];
    const told: unknown[] = [];
    const unhandled = (reason: unknown): void => void told.push(reason);
    process.on("unhandledRejection", unhandled);
    const reading = (async () => {
      for await (const { id } of read()) {
        got.push(id);
        if (id === 11) {
          await until(() => server.seen.length === 3, "the page ahead");
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    })();
    expect(await errorOf(reading)).toMatchObject({ status: 404, page: 3 });
    process.off("unhandledRejection", unhandled);
    expect(got).toEqual(span(1, 20));
    expect(told).toEqual([]);
  });

  it("that fails is never told when the consumer does not get there", async () => {
    const { server, read } = await openApi({ faults: { 1: [gone] } });
    const told: unknown[] = [];
    const unhandled = (reason: unknown): void => void told.push(reason);
    process.on("unhandledRejection", unhandled);
    for await (const page of read().pages()) {
      expect(page.number).toBe(1);
      await until(() => server.seen.length === 2, "the page ahead");
      await new Promise((resolve) => setTimeout(resolve, 50));
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", unhandled);
    expect(told).toEqual([]);
  });

  it("overlaps with the consumer's work", async () => {
    const { server, read } = await openApi();
    for await (const { number } of read().pages()) {
      const hasNext = number < 5;
      // The consumer has not finished with this page.
      await until(() => !hasNext || server.seen[number]?.answered !== undefined, "the next page's response");
    }
    expect(server.seen).toHaveLength(5);
  });
});
