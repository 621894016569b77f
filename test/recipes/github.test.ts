import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { gitHub, issuesOf } from "./github-model.js";
import { newestFirst, openRecipe, readRun, testScenario } from "./recipe.js";

const recipe = await openRecipe("github");
const options = { token: "t0ken" };
const params = { owner: "acme", repo: "tools" };
const issues = issuesOf(250);
const changed = issues.slice(4, 5).map((issue) => ({ ...issue, updated_at: "2025-06-01T00:00:00Z" }));

describe("GitHub", () => {
  testScenario({
    recipe,
    api: gitHub,
    options,
    read: (client, read) => client("issues", params, read),
    rows: issues,
    want: newestFirst(issues),
    pages: [100, 100, 50],
    change: (issue) => ({ ...issue, updated_at: "2024-02-01T00:00:00Z" }),
    limited: {
      reply: () => ({
        status: 403,
        headers: {
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 1),
        },
        body: { message: "API rate limit exceeded for user ID 1." },
      }),
      waitMs: 1000,
    },
    later: {
      rows: [...issues.slice(0, 4), ...issues.slice(5), ...changed],
      // The last issue is read again, because it may have changed within its second.
      want: [...changed, ...issues.slice(-1)],
    },
    refused: { options: { token: "wrong" }, message: /401 Unauthorized: "Bad credentials"/ },
  });

  it("waits out the secondary limit, which is a 403 with Retry-After", async () => {
    const api = await startApi(gitHub(issues));
    api.answerOnce(2, {
      status: 403,
      headers: { "retry-after": "1" },
      body: { message: "secondary rate limit" },
    });
    expect((await readRun(recipe.connect(api, options)("issues", params))).records).toEqual(
      newestFirst(issues),
    );
    expect(api.calls).toHaveLength(4);
  });

  it("reads the repositories of an organization", async () => {
    const api = await startApi(gitHub(issues));
    const repos = await recipe.connect(api, options)("repos", { org: "acme" }).toArray();
    expect(repos).toEqual([{ id: 1, name: "tools", full_name: "acme/tools", private: false }]);
  });
});
