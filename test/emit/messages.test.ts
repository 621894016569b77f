import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DiagnosticMessageChain } from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTypeScript } from "../support/compile.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = join(root, ".scratch/messages");
const ts = loadTypeScript();

const imports = `
import { createReader, type Resource } from "@connector-gen/runtime";
import { createAnalytics } from "${root}generated/analytics.js";
import { createForum } from "${root}test/cases/parents/out.js";
declare const courses: Resource<{ id: number }>;
const reader = createReader({} as never, {});
const analytics = createAnalytics({ apiKey: process.env.KEY });
const forum = createForum();
declare const process: { env: { KEY: string | undefined } };
`;

/** Code of a developer, and the compiler's message. */
const rows = [
  {
    name: "a parameter of a resource that takes none",
    given: "reader.read(courses, { limit: 1 });",
    want: [
      "Object literal may only specify known properties, and 'limit' does not exist in type 'NoParams'.",
    ],
  },
  { name: "no parameters", given: "reader.read(courses, {}); reader.read(courses, undefined);", want: [] },
  {
    name: "a parameter instead of an option",
    given: "analytics.courses({ limit: 1 });",
    want: [
      "Object literal may only specify known properties, and 'limit' does not exist in type 'ReadOptions'.",
    ],
  },
  {
    name: "empty parameters before the options",
    given: "analytics.courses({}, { maxPages: 1 });",
    want: ["Expected 0-1 arguments, but got 2."],
  },
  {
    name: "half of a parent",
    given: 'forum.replies({ thread_id: "t" });',
    want: [
      "Argument of type '{ thread_id: string; }' is not assignable to parameter of type 'RepliesParams | undefined'. Property 'thread_boards_id' is missing in type '{ thread_id: string; }' but required in type 'RepliesOfThreadParams'.",
    ],
  },
  {
    name: "half of a parent besides what is required",
    given: 'forum.votes({ kind: "up", thread_boards_id: 1 });',
    want: [
      "Argument of type '{ kind: \"up\"; thread_boards_id: number; }' is not assignable to parameter of type 'VotesParams'. Property 'thread_id' is missing in type '{ kind: \"up\"; thread_boards_id: number; }' but required in type 'VotesOfThreadParams'.",
    ],
  },
  {
    name: "a parent without what is required",
    given: 'forum.votes({ thread_boards_id: 1, thread_id: "t" });',
    want: [
      "Argument of type '{ thread_boards_id: number; thread_id: string; }' is not assignable to parameter of type 'VotesParams'. Property 'kind' is missing in type '{ thread_boards_id: number; thread_id: string; }' but required in type 'VotesOfThreadParams'.",
    ],
  },
  {
    name: "a parameter that is not there",
    given: 'forum.threads({ sate: "open" });',
    want: [
      "Object literal may only specify known properties, but 'sate' does not exist in type 'ThreadsParams'. Did you mean to write 'state'?",
    ],
  },
  {
    name: "a whole parent, or none",
    given: `forum.replies({ thread_boards_id: 1, thread_id: "t", limit: 5 }); forum.replies({ limit: 5 });
forum.votes({ thread_boards_id: 1, thread_id: "t", kind: "up" }); forum.votes({ kind: "up" });
forum.replies({}); forum.replies(); forum.replies({ thread_id: undefined }); forum.replies(undefined, { maxPages: 1 });
forum.threads({ state: undefined, board_slug: undefined });`,
    want: [],
  },
];

/** The compiler's messages for each row, from one compilation. */
let messages: ReadonlyMap<string, readonly string[]>;

beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
  const files = rows.map(({ given }, index) => {
    const file = join(scratch, `row${index}.ts`);
    writeFileSync(file, `${imports}${given}\nvoid [reader, analytics, forum];`);
    return file;
  });
  const program = ts.createProgram(files, {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
  });
  messages = new Map(
    rows.map(({ name }, index) => {
      const source = program.getSourceFile(files[index] ?? "");
      const found = source ? program.getSemanticDiagnostics(source) : [];
      return [name, found.map(({ messageText }) => flatten(messageText))];
    }),
  );
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function flatten(message: string | DiagnosticMessageChain): string {
  return ts.flattenDiagnosticMessageText(message, "\n").replace(/\n\s*/g, " ");
}

describe("the compiler about", () => {
  it.each(rows)("$name", ({ name, want }) => {
    expect(messages.get(name)).toEqual(want);
  });
});
