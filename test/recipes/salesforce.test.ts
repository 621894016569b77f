import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { startApi, type Reply } from "./api.js";
import { openRecipe, readRun, testScenario } from "./recipe.js";
import { accountsOf, salesforce } from "./salesforce-model.js";

const recipe = await openRecipe("salesforce");
const options = { domain: "acme", clientId: "3MVG9", clientSecret: "s3cret" };
const accounts = accountsOf(4500);
const later = accountsOf(4502);
const limited = {
  reply: (): Reply => ({
    status: 403,
    body: [{ message: "TotalRequests Limit exceeded.", errorCode: "REQUEST_LIMIT_EXCEEDED" }],
  }),
  waitMs: 5000,
};
const refused = {
  options: { clientSecret: "wrong" },
  message: /token request .*: status 400 \(invalid_client\)/,
};

describe("Salesforce's query", () => {
  testScenario({
    recipe,
    api: (rows) => salesforce(rows),
    options,
    read: (client, read) => client("accounts", read),
    rows: accounts,
    pages: [2000, 2000, 500],
    key: "Id",
    // The last account may have changed within its second.
    later: { rows: later, want: later.slice(-3) },
    change: (account) => ({ ...account, SystemModstamp: "2024-02-01T00:00:00.000+0000" }),
    limited,
    refused,
  });

  it("replaces a token that expires between two pages", async () => {
    const api = await startApi(salesforce(accounts, { requestsPerToken: 2 }));
    expect(await recipe.connect(api, options)("accounts").toArray()).toEqual(accounts);
    const tokens = api.calls.filter(({ path }) => path === "/services/oauth2/token");
    expect(tokens).toHaveLength(2);
  });
});

describe("Salesforce's bulk query", () => {
  // The clock runs 200 times as fast, so that the waits between two polls are short.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], shouldAdvanceTime: true });
    const clock = setInterval(() => void vi.advanceTimersByTimeAsync(1000), 5);
    onTestFinished(() => {
      clearInterval(clock);
      vi.useRealTimers();
    });
  });
  const patient = { ...options, timeoutMs: 3_600_000 };

  testScenario({
    recipe,
    api: (rows) => salesforce(rows),
    options: patient,
    read: (client, read) => client("bulkAccounts", read),
    rows: accounts.slice(0, 2500),
    want: accounts.slice(0, 2500).map(({ Id, Name }) => ({ Id, Name })),
    pages: [1000, 1000, 500],
    refused,
  });

  it.each([
    { name: "the state of the job", request: 1 },
    { name: "the results", request: 2 },
  ])("waits out a rate limit where it asks for $name", async ({ request }) => {
    const api = await startApi(salesforce(accounts));
    const client = recipe.connect(api, patient);
    const first = await readRun(client("bulkAccounts", { maxPages: 1, readAhead: false }));
    api.answerOnce(api.calls.length + request, limited.reply());
    const rest = await readRun(client("bulkAccounts", { from: first.checkpoint }));
    expect([...first.records, ...rest.records]).toHaveLength(4500);
  });

  it("creates one job, also if the read is resumed", async () => {
    const api = await startApi(salesforce(accounts));
    const client = recipe.connect(api, patient);
    const first = await readRun(client("bulkAccounts", { maxPages: 1, readAhead: false }));
    await readRun(client("bulkAccounts", { from: first.checkpoint }));
    expect(
      api.calls.filter(({ method, path }) => `${method} ${path}` === "POST /services/data/v61.0/jobs/query"),
    ).toHaveLength(1);
  });

  it("quotes the reason of a job that failed", async () => {
    const api = await startApi(salesforce(accounts, { endState: "Failed" }));
    await expect(recipe.connect(api, patient)("bulkAccounts").toArray()).rejects.toThrow(/InvalidBatch/);
  });
});
