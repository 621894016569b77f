import { describe, expect, it } from "vitest";
import { startApi, type Reply } from "./api.js";
import { gitLab, issuesOf, projectsOf } from "./gitlab-model.js";
import { newestFirst, openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("gitlab");
const options = { host: "gitlab.example.com", token: "glpat-1" };
const limited = {
  reply: (): Reply => ({
    status: 429,
    headers: { "retry-after": "5", "ratelimit-limit": "60", "ratelimit-remaining": "0" },
    body: "Retry later",
  }),
  waitMs: 5000,
};
const refused = { options: { token: "wrong" }, message: /401 Unauthorized: "401 Unauthorized"/ };

describe("GitLab's issues", () => {
  const issues = issuesOf(250);
  const later = issuesOf(252);
  testScenario({
    recipe,
    api: (rows) => gitLab({ issues: rows }),
    options,
    read: (client, read) => client("issues", read),
    rows: issues,
    want: newestFirst(issues),
    change: (issue) => ({ ...issue, updated_at: "2024-02-01T00:00:00.000Z" }),
    pages: [100, 100, 50],
    later: { rows: later, want: newestFirst(later.slice(250)) },
    limited,
    refused,
  });

  it("ends at the empty header", async () => {
    const api = await startApi(gitLab({ issues: issues.slice(0, 100) }));
    expect(await recipe.connect(api, options)("issues").toArray()).toHaveLength(100);
    expect(api.calls).toHaveLength(1);
  });

  it("says which scope a token lacks", async () => {
    const api = await startApi(gitLab({ issues }));
    const read = recipe
      .connect(api, { ...options, token: "glpat-narrow" })("issues")
      .toArray();
    await expect(read).rejects.toThrow(/403 Forbidden: "The request requires higher privileges\."/);
  });
});

describe("GitLab's projects", () => {
  const projects = projectsOf(250);
  testScenario({
    recipe,
    api: (rows) => gitLab({ projects: rows }),
    options,
    read: (client, read) => client("projects", read),
    rows: projects,
    pages: [100, 100, 50],
    limited,
    refused,
  });
});
