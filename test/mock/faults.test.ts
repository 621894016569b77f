import { afterAll, describe, expect, it } from "vitest";
import { createReader, pageNumber } from "@connector-gen/runtime";
import { createFaultPlan } from "../../generator/mock/fault-plan.js";
import { faultHelp, parseFaults, printFault, type FaultSpec } from "../../generator/mock/faults.js";
import { printHttpDate } from "../../generator/mock/inject.js";
import type { Mock } from "../../generator/mock/mock.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { source } from "./fixtures.js";

function faultsOf(text: string): readonly FaultSpec[] {
  const parsed = parseFaults(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.faults;
}

describe("parseFaults", () => {
  const rows: readonly { given: string; want: readonly FaultSpec[] }[] = [
    { given: "", want: [] },
    { given: "429", want: [{ kind: "status", status: 429, retryAfter: 0, times: 1 }] },
    { given: "429:1", want: [{ kind: "status", status: 429, retryAfter: 1, times: 1 }] },
    { given: "503:date", want: [{ kind: "status", status: 503, retryAfter: "date", times: 1 }] },
    { given: "500@middle*5", want: [{ kind: "status", status: 500, page: "middle", times: 5 }] },
    {
      given: "reset@0, truncate-json@last",
      want: [
        { kind: "reset", page: 0, times: 1 },
        { kind: "truncate-json", page: "last", times: 1 },
      ],
    },
    { given: "stall*2", want: [{ kind: "stall", times: 2 }] },
  ];
  it.each(rows)("reads $given", ({ given, want }) => {
    expect(faultsOf(given)).toEqual(want);
    expect(want.map(printFault).join(",")).toBe(given.replaceAll(" ", ""));
  });

  const refusals = [
    {
      given: "200",
      want: 'invalid fault "200": unknown kind "200"; expected a status from 400 to 599 or one of 204, 429-no-wait,',
    },
    { given: "500,boom", want: 'invalid fault "boom": unknown kind "boom"' },
    { given: "truncat@last", want: '; did you mean "truncate"?' },
    { given: "trunc-gzip", want: '; did you mean "truncate-gzip"?' },
    { given: "500,,429", want: 'invalid fault "": unknown kind ""' },
    { given: "reset:1", want: 'invalid fault "reset:1": reset does not accept a wait; only a status does' },
    {
      given: "429:soon",
      want: 'invalid wait "soon"; expected whole seconds or one of date, rfc850, asctime',
    },
    { given: "429:-1", want: 'invalid wait "-1"' },
    { given: "500@end", want: 'invalid page "end"; expected an index from 0 or one of first, middle, last' },
    { given: "500*0", want: 'invalid number of times "0"; expected a whole number of at least 1' },
    { given: "500*", want: 'invalid number of times ""' },
    { given: "500*2@first", want: 'invalid number of times "2@first"' },
  ];
  it.each(refusals)("rejects $given", ({ given, want }) => {
    expect(parseFaults(given)).toEqual({ problem: expect.stringContaining(want) as string });
  });
});

describe("a fault plan", () => {
  const attempts = (text: string, { page = 0, pages = 5, times = 4 } = {}): string => {
    const plan = createFaultPlan(faultsOf(text));
    const next = (): string => {
      const fault = plan.next({ key: String(page), page, pages });
      return fault ? printFault(fault).replace(/[@*:].*/, "") : "ok";
    };
    return Array.from({ length: times }, next).join(" ");
  };
  const rows = [
    { given: "", at: {}, want: "ok ok ok ok" },
    { given: "500", at: {}, want: "500 ok 500 ok" },
    { given: "500,reset", at: { page: 0 }, want: "500 ok 500 ok" },
    { given: "500,reset", at: { page: 1 }, want: "reset ok reset ok" },
    { given: "500,reset", at: { page: 2 }, want: "500 ok 500 ok" },
    { given: "500*3", at: {}, want: "500 500 500 ok" },
    { given: "500@first", at: { page: 1 }, want: "ok ok ok ok" },
    { given: "500@first,429@0*2", at: {}, want: "500 429 429 ok" },
    { given: "500@middle", at: { page: 2 }, want: "500 ok 500 ok" },
    { given: "500@middle", at: { page: 0, pages: 1 }, want: "500 ok 500 ok" },
    { given: "500@last", at: { page: 4 }, want: "500 ok 500 ok" },
    { given: "500@3,429", at: { page: 3 }, want: "500 429 ok 500" },
  ];
  it.each(rows)("$given at $at: $want", ({ given, at, want }) => {
    expect(attempts(given, at)).toBe(want);
  });
});

describe("printHttpDate", () => {
  const date = new Date(Date.UTC(1994, 10, 6, 8, 49, 37));
  const rows = [
    { form: "date", want: "Sun, 06 Nov 1994 08:49:37 GMT" },
    { form: "rfc850", want: "Sunday, 06-Nov-94 08:49:37 GMT" },
    { form: "asctime", want: "Sun Nov  6 08:49:37 1994" },
  ] as const;
  it.each(rows)("$form", ({ form, want }) => {
    expect(printHttpDate(date, form)).toBe(want);
  });
});

describe("an injected fault", () => {
  const mocks: Mock[] = [];
  afterAll(() => Promise.all(mocks.map((mock) => mock.close())));

  /** Describes what a client without retries sees: status, content type and body. */
  async function observe(text: string, path = ""): Promise<string> {
    const mock = await startMock([source({})], { records: 30, faults: faultsOf(text) });
    mocks.push(mock);
    const url = `${mock.url}/v1/rows${path}`;
    // Only these faults keep the client waiting.
    const limit = /^(?:hang|stall)/.test(text) ? 1_000 : 60_000;
    const response = await fetch(url, { signal: AbortSignal.timeout(limit) }).catch(nameError);
    if (typeof response === "string") return response;
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const wait = response.headers.get("retry-after");
    const body = await response.text().catch(nameError);
    const shown = isJson(body) ? Object.keys(JSON.parse(body) as object).join() : body.slice(0, 14);
    return [response.status, type, wait === null ? "" : `wait ${wait.replace(/^.* GMT$/, "date")}`, shown]
      .filter(String)
      .join(" ");
  }
  const rows = [
    { given: "429", want: "429 application/json wait 0 error" },
    { given: "503:7", want: "503 application/json wait 7 error" },
    { given: "502", want: "502 application/json error" },
    { given: "reset", want: "ECONNRESET" },
    { given: "close", want: "UND_ERR_SOCKET" },
    { given: "hang", want: "TimeoutError" },
    { given: "stall", want: "200 application/json TimeoutError" },
    { given: "truncate", want: "200 application/json UND_ERR_SOCKET" },
    { given: "truncate-json", want: '200 application/json {"items":[{"id' },
    { given: "html", want: "200 text/html <!doctype html" },
    { given: "empty", want: "200 application/json" },
    { given: "error200", want: "200 application/json error" },
    { given: "429-no-wait", want: "429 application/json error" },
    { given: "429-huge", want: "429 application/json wait 86400 error" },
    { given: "429-negative", want: "429 application/json wait -1 error" },
    { given: "429-past", want: "429 application/json wait date error" },
    { given: "429-junk", want: "429 application/json wait soon error" },
    { given: "429-ms", want: "429 application/json error" },
    { given: "403-quota", want: "403 application/json error" },
    { given: "502-html", want: "502 text/html <!doctype html" },
    { given: "stale", want: "200 application/json items,total" },
    { given: "204", want: "204" },
    { given: "truncate-chunked", want: "200 application/json UND_ERR_SOCKET" },
    { given: "truncate-close", want: '200 application/json {"items":[{"id' },
    // Undici does not notice a gzip body that is cut: its text ends early.
    { given: "truncate-gzip", want: '200 application/json {"items":[{"id' },
    { given: "gzip-checksum", want: "200 application/json Z_DATA_ERROR" },
    { given: "gzip-garbage", want: "200 application/json Z_DATA_ERROR" },
    { given: "bom", want: "200 application/json items,total" },
    { given: "bad-utf8", want: "200 application/json items,total" },
    { given: "nan", want: '200 application/json {"items":[{"id' },
    { given: "bigint", want: "200 application/json items,total" },
    { given: "duplicate-key", want: "200 application/json items,total" },
    { given: "proto", want: "200 application/json items,total" },
  ];
  it.each(rows)("$given", async ({ given, want }) => {
    expect(await observe(given)).toBe(want);
    expect(await observe(`${given}@last`, "?page=1")).toBe("200 application/json items,total");
    expect(await observe(`${given}@last`, "?page=3")).toBe(want);
  });

  it("exists for every kind of the grammar", () => {
    const words = rows
      .map(({ given }) => given)
      .filter((given) => !/^\d{3}(:|$)/.test(given) || given === "204");
    expect(new Set(words)).toEqual(new Set(Object.keys(faultHelp)));
  });

  it("is overcome by a reader that retries", async () => {
    const faults = faultsOf(
      "429,500,reset,close,truncate,truncate-json,html,empty,error200,503:0,hang,stall",
    );
    const mock = await startMock([source({})], { records: 120, faults });
    mocks.push(mock);
    const reader = createReader({ name: "shop", baseUrl: mock.url, resources: {} }, { timeoutMs: 1000 });
    const stream = reader.read({
      name: "rows",
      path: "/v1/rows",
      select: ["items"],
      paginator: pageNumber({ basePage: 1, limit: 10 }),
      retry: { backoffMs: 0 },
    });
    const want = Array.from({ length: 120 }, (_, index) => mock.record("shop", "rows", index));
    expect(await stream.toArray()).toEqual(want);
    expect(mock.stats()["shop"]?.["rows"]).toMatchObject({ pages: 12, records: 120, faults: 12 });
  });
});

/** Returns the most specific name of a failed fetch. */
function nameError(error: unknown): string {
  const { name, cause } = error as Error;
  return (cause as { code?: string } | undefined)?.code ?? name;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
