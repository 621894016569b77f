import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  add,
  bearer,
  createReader,
  incremental,
  isConnectorError,
  jsonBody,
  jsonLines,
  offset,
  parallelPageNumber,
  parents,
  partitions,
  plan,
  queryEncoder,
  rateLimit,
  remove,
  rename,
  responseActions,
  where,
  type Checkpoint,
  type ClientOptions,
  type Resource,
  type Source,
} from "../../runtime/src/index.js";
import type { ResourceShape } from "../../runtime/src/plugin.js";
import { fakeFetch } from "../runtime/fixtures.js";
import { folder, sectionOf, tableOf } from "./pages.js";

const splitters = {
  parents: parents({ parent: "posts", values: { "resources.posts.id": ["id"] } }),
  incremental: incremental({ cursor: ["at"], initial: 0 }),
};

const posts: ResourceShape = {
  name: "posts",
  path: "/posts",
  select: ["items"],
  paginator: parallelPageNumber({ limit: 2, basePage: 1, totalPath: ["pages"] }),
};

/** Comments of posts: incremental, with two pages for each post. */
const comments: ResourceShape = {
  name: "comments",
  path: "/posts/{resources.posts.id}/comments",
  params: { lang: "query" },
  query: { since: "{incremental.start_value}" },
  select: ["items"],
  paginator: parallelPageNumber({ limit: 2, basePage: 1, totalPath: ["pages"] }),
  primaryKey: ["id"],
  plan: plan(splitters.parents, splitters.incremental),
};

const blog: Source = { name: "blog", baseUrl: "https://blog.test", resources: { posts, comments } };

/** An edit of the spec, or another call. */
interface Edit {
  readonly source?: Partial<Source>;
  readonly posts?: Partial<ResourceShape>;
  readonly comments?: Partial<ResourceShape>;
  readonly params?: object;
}

/** The edits behind each row of the page's table, by the start of its text. */
const edits: Readonly<Record<string, readonly Edit[]>> = {
  "Another resource": [
    { source: { resources: { posts, comments, more: { ...posts, name: "more" } } } },
    { comments: { writeDisposition: "merge" } },
  ],
  Headers: [
    { source: { headers: { "x-a": "1" } } },
    { comments: { headers: { "x-a": "1" } } },
    { source: { auth: bearer({ token: "{secrets.token}" }) } },
    { source: { retry: { maxRetries: 1 } }, comments: { retry: { maxRetries: 2 } } },
    { source: { rateLimit: rateLimit({}) }, comments: { rateLimit: rateLimit({}) } },
    { source: { timeoutMs: 5000 }, comments: { timeoutMs: 6000 } },
  ],
  processing_steps: [
    {
      comments: {
        shape: [where([]), rename({ text: "body" }), remove(["spam"]), add({ a: 1 })],
      },
    },
    { comments: { actions: responseActions([{ status: 404, action: "ignore" }]) } },
    { comments: { primaryKey: ["id", "at"] } },
  ],
  base_url: [
    { source: { baseUrl: "https://blog.test/v2" } },
    { comments: { path: "/v2/posts/{resources.posts.id}/comments" } },
    { comments: { method: "POST" } },
    { comments: { query: { since: "{incremental.start_value}", sort: "at" } } },
    { comments: { params: { lang: "query", author: "query" } } },
    { comments: { method: "POST", body: jsonBody({ a: 1 }) } },
    { comments: { encode: queryEncoder({ arrays: "comma" }) } },
  ],
  data_selector: [
    { comments: { select: ["rows"], selectRequired: false } },
    { comments: { decode: jsonLines(), select: [] } },
  ],
  "The paginator": [
    { comments: { paginator: parallelPageNumber({ limit: 5, basePage: 1, totalPath: ["pages"] }) } },
    { comments: { paginator: offset({ limit: 2, totalPath: null }) } },
  ],
  "Options of incremental": [
    { comments: { plan: plan(splitters.parents, incremental({ cursor: ["at"], initial: 0, lag: 1 })) } },
    { comments: { plan: plan(splitters.parents, incremental({ cursor: ["at"], initial: 1 })) } },
    {
      comments: {
        plan: plan(splitters.parents, incremental({ cursor: ["at"], initial: 0, rowOrder: "asc" })),
      },
    },
  ],
  "The names of partitions": [
    { comments: { plan: plan(splitters.parents, partitions({ lang: ["en"] }), splitters.incremental) } },
    {
      comments: {
        plan: plan(
          parents({
            parent: "posts",
            values: { "resources.posts.id": ["id"] },
            batch: { size: 2, join: "," },
          }),
          splitters.incremental,
        ),
      },
    },
  ],
  "A request of a parent": [
    { posts: { query: { sort: "id" } } },
    { posts: { paginator: parallelPageNumber({ limit: 3, basePage: 1, totalPath: ["pages"] }) } },
    { posts: { shape: [add({ a: 1 })] } },
  ],
  "The cursor field": [
    { comments: { plan: plan(splitters.parents, incremental({ cursor: ["id"], initial: 0 })) } },
  ],
  "The name of": [{ source: { name: "weblog" } }, { comments: { name: "replies" } }],
  "Other parameters": [{ params: { lang: "en" } }],
};

/** The result of a read: its requests for comments, warnings, last checkpoint and error. */
interface Outcome {
  readonly requests: readonly URLSearchParams[];
  readonly warnings: readonly string[];
  readonly checkpoint: Checkpoint | undefined;
  readonly code: string | undefined;
}

async function readComments(edit: Edit, from?: Checkpoint, maxPages?: number): Promise<Outcome> {
  const { fetch, seen } = fakeFetch(({ query }) => {
    const n = Number(query.get("page") ?? 1);
    const items = [1, 2].map((id) => ({ id: id + 2 * n, at: 10 * n + id }));
    return { body: { items, pages: 2 } };
  });
  const warnings: string[] = [];
  const resource = { ...comments, ...edit.comments };
  const resources = { posts: { ...posts, ...edit.posts }, comments: resource };
  const options: ClientOptions & { readonly token: string } = {
    fetch,
    readAhead: false,
    onEvent: (event) => {
      if (event.type === "warning") warnings.push(event.message);
    },
    token: "t0ken-of-the-test",
  };
  const source = {
    ...blog,
    options: { "secrets.token": { option: "token", env: "BLOG_TOKEN" } },
    resources,
    ...edit.source,
  };
  const stream = createReader(source, options).read(resource as Resource<object, object>, edit.params ?? {}, {
    from,
    maxPages,
  });
  let checkpoint: Checkpoint | undefined;
  let code: string | undefined;
  try {
    for await (const page of stream.pages()) checkpoint = page.checkpoint;
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    code = error.code;
  }
  const requests = seen.filter(({ url }) => url.includes("/comments")).map(({ query }) => query);
  return {
    requests,
    warnings,
    checkpoint: JSON.parse(JSON.stringify(checkpoint ?? null)) as Checkpoint,
    code,
  };
}

/** The outcome in the words of the table. */
function toWords({ requests, warnings, code }: Outcome): string {
  if (code === "CHECKPOINT_MISMATCH") return requests.length === 0 ? code : "requests before the error";
  const [first] = requests;
  const hasState = first?.get("since") !== "0" && first?.get("since") !== "1";
  const start = first?.get("page") === "2" ? "continues after the page" : "starts";
  const warned = warnings.filter((text) => text.startsWith("the resource has changed"));
  if (start !== "starts") return warned.length > 0 ? "continues with a warning" : start;
  if (!hasState) return `starts at initial_value${warned.length > 0 ? ", with a warning" : ""}`;
  return warned.length > 0 ? "starts the run again, with a warning" : "starts the next run";
}

const page = readFileSync(join(folder, "checkpoints.md"), "utf8");
const table = tableOf(sectionOf(page, "After an edit of the spec"), "Edit");

it("the table names every group of edits", () => {
  expect(table.map(([text = ""]) => Object.keys(edits).filter((start) => text.startsWith(start)))).toEqual(
    Object.keys(edits).map((start) => [start]),
  );
});

const rows = table.flatMap(([text = "", midway = "", finished = ""]) =>
  (edits[Object.keys(edits).find((start) => text.startsWith(start)) ?? ""] ?? []).map((edit, index) => ({
    text,
    index,
    midway,
    finished,
    edit,
  })),
);

it.each(rows)("$text ($index): $midway; $finished", async ({ midway, finished, edit }) => {
  // The second run is incremental: it stops after the first page of the first post.
  const complete = (await readComments({})).checkpoint;
  const during = (await readComments({}, complete, 1)).checkpoint;
  expect(complete?.position).toBeNull();
  expect(during?.position).not.toBeNull();

  const results = [await readComments(edit, during), await readComments(edit, complete)];
  expect(results.map(toWords)).toEqual([midway, finished]);
});
