import { describe, expect, it } from "vitest";
import { startApi, type Reply } from "./api.js";
import { issuesOf, jiraCloud, jiraDataCenter, type Issue } from "./jira-model.js";
import { newestFirst, openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("jira");
const timeZone = "America/New_York";
const cloud = { site: "acme", email: "reports@example.com", apiToken: "t0ken", timeZone };
const issues = issuesOf(250);
const later = issuesOf(252);
const touch = (issue: Issue): Issue => ({
  ...issue,
  fields: { ...issue.fields, updated: "2024-02-01T00:00:30.000-0500" },
});
const limited = {
  reply: (): Reply => ({
    status: 429,
    headers: { "retry-after": "7", "x-ratelimit-nearlimit": "true" },
    body: { errorMessages: ["Rate limit exceeded."], errors: {} },
  }),
  waitMs: 7000,
};
const message = /401 Unauthorized: "Client must be authenticated to access this resource\."/;

describe("Jira Cloud", () => {
  testScenario({
    recipe,
    api: jiraCloud,
    options: cloud,
    read: (client, read) => client("issues", read),
    rows: issues,
    want: newestFirst(issues),
    change: touch,
    pages: [100, 100, 50],
    later: { rows: later, want: newestFirst(later.slice(-3)) },
    limited,
    refused: { options: { apiToken: "wrong" }, message },
  });

  it("starts the next run at the minute of the last update, in the zone of the user", async () => {
    const api = await startApi(jiraCloud(issues));
    const client = recipe.connect(api, cloud);
    for await (const page of client("issues").pages()) {
      if (page.isLast) await client("issues", { from: page.checkpoint }).toArray();
    }
    expect(api.calls.at(-1)?.query.get("jql")).toBe('updated >= "2023-12-31 23:10" ORDER BY updated DESC');
  });
});

describe("Jira Data Center", () => {
  testScenario({
    recipe,
    source: "jira_data_center",
    api: (rows) => jiraDataCenter(rows, 70),
    options: { host: "jira.example.com", token: "t0ken", timeZone },
    read: (client, read) => client("issues", read),
    rows: issues,
    want: newestFirst(issues),
    change: touch,
    // The server allows 70 issues per page.
    pages: [70, 70, 70, 40],
    later: { rows: later, want: newestFirst(later.slice(-3)) },
    limited,
    refused: { options: { token: "wrong" }, message },
  });
});
