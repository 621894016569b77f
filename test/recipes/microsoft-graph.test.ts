import { describe, expect, it } from "vitest";
import { startApi, type Reply } from "./api.js";
import { graphUsersOf, microsoftGraph, toUser, type GraphUser } from "./microsoft-graph-model.js";
import { openRecipe, readRun, testScenario } from "./recipe.js";

const recipe = await openRecipe("microsoft-graph");
const options = { tenant: "example.com", clientId: "c1", clientSecret: "s3cret" };
const users = graphUsersOf(250);
const [first] = users as [GraphUser, ...GraphUser[]];
const removed: GraphUser = { id: first.id, "@removed": { reason: "deleted" }, changed: 251 };

describe("Microsoft Graph", () => {
  testScenario({
    recipe,
    api: microsoftGraph,
    options,
    read: (client, read) => client("users", read),
    rows: users,
    toRecord: toUser,
    pages: [100, 100, 50],
    change: (user) => ({ ...user, displayName: "Changed", changed: 300 }),
    later: { rows: [...users.slice(1), removed], want: [toUser(removed)] },
    limited: {
      reply: (): Reply => ({
        status: 429,
        headers: { "retry-after": "10" },
        body: { error: { code: "TooManyRequests", message: "Please retry again later." } },
      }),
      waitMs: 10_000,
    },
    refused: { options: { clientSecret: "wrong" }, message: /token request .*status 401 \(invalid_client\)/ },
  });

  it("starts the next run at the delta link", async () => {
    const api = await startApi(microsoftGraph(users));
    const client = recipe.connect(api, options);
    const { checkpoint } = await readRun(client("users"));
    expect(await client("users", { from: checkpoint }).toArray()).toEqual([]);
    expect(api.calls.at(-1)?.query.toString()).toBe("%24deltatoken=250");
  });

  it("reads everything again after a 410", async () => {
    const before = await startApi(microsoftGraph(users.slice(0, 10)));
    const { checkpoint } = await readRun(recipe.connect(before, options)("users"));
    const after = await startApi(microsoftGraph(users, 100));
    const run = await readRun(recipe.connect(after, options)("users", { from: checkpoint }));
    expect(run.records).toEqual(users.map(toUser));
  });

  it("reads groups page by page", async () => {
    const api = await startApi(microsoftGraph(users));
    expect(await recipe.connect(api, options)("groups").toArray()).toHaveLength(1200);
  });
});
