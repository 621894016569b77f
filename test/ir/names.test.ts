import { describe, expect, it } from "vitest";
import { buildSource } from "../../generator/ir/build.js";
import { specOf, specWith } from "../spec/parse-text.js";

async function namesOf(root: object): Promise<unknown> {
  const { names } = buildSource(await specOf(specWith({ root })));
  const { title, facade, factory, options, source } = names;
  return { title, facade, factory, options, source };
}

describe("the names of a source", () => {
  const rows = [
    {
      name: "come from its name",
      given: { name: "learning-platform" },
      want: {
        title: "Learning Platform",
        facade: "LearningPlatform",
        factory: "createLearningPlatform",
        options: "LearningPlatformOptions",
        source: "learningPlatformSource",
      },
    },
    {
      name: "come from its type name, if there is one",
      given: { name: "github", type_name: "GitHub" },
      want: {
        title: "GitHub",
        facade: "GitHub",
        factory: "createGitHub",
        options: "GitHubOptions",
        source: "githubSource",
      },
    },
    {
      name: "keep the case of a type name",
      given: { name: "x", type_name: "iCal" },
      want: {
        title: "iCal",
        facade: "iCal",
        factory: "createICal",
        options: "iCalOptions",
        source: "xSource",
      },
    },
    {
      name: "avoid types that the module imports or uses",
      given: { name: "x", type_name: "Promise" },
      want: {
        title: "Promise",
        facade: "PromiseClient",
        factory: "createPromiseClient",
        options: "PromiseClientOptions",
        source: "xSource",
      },
    },
  ];
  it.each(rows)("$name", async ({ given, want }) => {
    expect(await namesOf(given)).toEqual(want);
  });
});
