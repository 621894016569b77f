import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { djangoRestFramework, tasksOf } from "./django-rest-framework-model.js";
import { newestFirst, openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("django-rest-framework");
const options = { host: "tasks.example.com", token: "t0ken" };
const tasks = tasksOf(230);
const later = tasksOf(233);

describe("Django REST framework", () => {
  testScenario({
    recipe,
    api: djangoRestFramework,
    options,
    read: (client, read) => client("tasks", read),
    rows: tasks,
    want: newestFirst(tasks),
    pages: [100, 100, 30],
    change: (task) => ({ ...task, modified: "2024-02-01T00:00:00.000001Z" }),
    later: { rows: later, want: newestFirst(later.slice(230)) },
    limited: {
      reply: () => ({
        status: 429,
        headers: { "retry-after": "1" },
        body: { detail: "Request was throttled. Expected available in 1 second." },
      }),
      waitMs: 1000,
    },
    refused: { options: { token: "wrong" }, message: /401 Unauthorized: "Invalid token\."/ },
  });

  it("reads an empty list", async () => {
    const api = await startApi(djangoRestFramework([]));
    expect(await recipe.connect(api, options)("tasks").toArray()).toEqual([]);
    expect(api.calls).toHaveLength(1);
  });
});
