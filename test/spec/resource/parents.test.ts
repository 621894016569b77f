import { describe, expect, test } from "vitest";

import type { SpecResource } from "../../../generator/spec/spec.js";
import { messagesOf, parseText, parseValue, plainUse, pointedAt, specOf } from "../parse-text.js";

const quiet = { data_selector: "$", paginator: "single_page" };

function list(name: string, endpoint: object = {}, resource: object = {}): object {
  return { name, schema: true, ...resource, endpoint: { ...quiet, ...endpoint } };
}

function specOfAll(...resources: object[]): object {
  return { client: { base_url: "https://x.y" }, resources };
}

/** The last resource of a spec. */
async function lastOf(...resources: object[]): Promise<SpecResource> {
  return (await specOf(specOfAll(...resources))).resources.at(-1) as SpecResource;
}

async function messages(...resources: object[]): Promise<string[]> {
  return messagesOf((await parseValue(specOfAll(...resources))).diagnostics);
}

const users = list("users");
const posts = list("posts", { path: "/users/{resources.users.id}/posts" });

describe("a parent", () => {
  test("provides the values of placeholders; each value is a parameter of the method", async () => {
    const child = await lastOf(
      users,
      list("posts", {
        path: "/{resources.users.id}/x",
        params: {
          a: "{resources.users.profile.id}",
          t: "{resources.users.tags[0]}",
          f: "{resources.users.free}",
        },
        json: { again: "{resources.users.id}" },
      }),
    );
    expect(child.plan.map(plainUse)).toEqual([
      {
        type: "parents",
        parent: "users",
        values: {
          "resources.users.id": { selector: ["id"] },
          "resources.users.profile.id": { selector: ["profile", "id"] },
          "resources.users.tags[0]": { selector: ["tags", 0] },
          "resources.users.free": { selector: ["free"] },
        },
        params: {
          user_id: "resources.users.id",
          user_profile_id: "resources.users.profile.id",
          user_0: "resources.users.tags[0]",
          user_free: "resources.users.free",
        },
      },
    ]);
    expect(child.inputs).toEqual([
      { name: "user_id", in: "parent", required: false },
      { name: "user_profile_id", in: "parent", required: false },
      { name: "user_0", in: "parent", required: false },
      { name: "user_free", in: "parent", required: false },
    ]);
  });

  test.each<[parent: string, field: string, params: object, want: string]>([
    ["companies", "id", {}, "company_id"],
    ["user_data", "ownerId", {}, "user_data_owner_id"],
    ["Statuses", "a.b-c", {}, "status_b_c"],
    ["users", "id", { user_id: { type: "input" } }, "user_id_2"],
    ["users", "o.id", { user_id: { type: "input" } }, "user_o_id"],
    ["users", "[0]", {}, "user_0"],
    ["users", "'@id'", {}, "user_id"],
  ])("%s.%s with %j is %s", async (parent, field, ...[params, want]) => {
    const child = await lastOf(
      list(parent),
      list("c", { path: `/{resources.${parent}.${field}}/c`, params }),
    );
    expect(child.inputs.at(-1)?.name).toBe(want);
  });

  test("resolve is an older spelling, which sets the parameter name", async () => {
    const child = await lastOf(
      users,
      list("posts", {
        path: "/{uid}/{resources.users.id}/posts",
        params: { uid: { type: "resolve", resource: "users", field: "id" }, k: 1 },
      }),
    );
    expect(child).toMatchObject({
      path: "/{resources.users.id}/{resources.users.id}/posts",
      query: { k: 1 },
      inputs: [{ name: "uid", in: "parent" }],
      plan: [
        {
          options: {
            params: { uid: "resources.users.id" },
            values: { "resources.users.id": { selector: ["id"] } },
          },
        },
      ],
    });
  });

  test("can follow later in the spec, or be part of a chain", async () => {
    const spec = await specOf(
      specOfAll(
        list("c", { path: "/{resources.b.id}/c" }),
        list("b", { path: "/{resources.a.id}/b" }),
        list("a"),
      ),
    );
    expect(spec.resources.map(({ plan }) => plan.map((part) => part.options["parent"]))).toEqual([
      ["b"],
      ["a"],
      [],
    ]);
  });
});

describe("include_from_parent", () => {
  test("accepts keys and paths", async () => {
    const child = await lastOf(
      users,
      list(
        "posts",
        { path: "/users/{resources.users.id}/posts" },
        {
          include_from_parent: ["id", "a.b", { path: "o.x" }, { path: "tags[0]", as: "tag" }],
          processing_steps: [{ remove: ["x"] }],
        },
      ),
    );
    expect(child.shape.map(plainUse)).toEqual([
      {
        type: "include",
        fields: {
          _users_id: "resources.users.id",
          "_users_a.b": "resources.users.['a.b']",
          _users_o_x: "resources.users.o.x",
          tag: "resources.users.tags[0]",
        },
      },
      { type: "remove", fields: ["x"] },
    ]);
    expect(child.plan.map(plainUse)).toMatchObject([
      {
        values: {
          "resources.users.id": { selector: ["id"] },
          "resources.users.['a.b']": { selector: ["a.b"] },
          "resources.users.o.x": { selector: ["o", "x"] },
          "resources.users.tags[0]": { selector: ["tags", 0] },
        },
        params: { user_id: "resources.users.id" },
      },
    ]);
  });

  test("passes values on to grandchildren", async () => {
    const toys = await lastOf(
      users,
      list(
        "posts",
        { path: "/users/{resources.users.id}/posts" },
        {
          schema: { properties: { id: {} } },
          include_from_parent: ["id"],
        },
      ),
      list("likes", { path: "/{resources.posts._users_id}/{resources.posts.id}/likes" }),
    );
    expect(toys.plan.map(plainUse)).toMatchObject([
      {
        parent: "posts",
        params: { post_users_id: "resources.posts._users_id", post_id: "resources.posts.id" },
      },
    ]);
  });

  test.each<[includes: unknown, message: string]>([
    ["id", "must be a list, not text"],
    [[{ as: "x" }], 'needs "path"'],
    [[{ path: "$" }], 'missing-key: this path gives the new field no name: add "as"'],
    [["id", { path: "x", as: "_users_id" }], 'duplicate field "_users_id"'],
    [[{ path: "a b" }], "bad-selector"],
  ])("%j: %s", async (includes, message) => {
    const child = list("c", { path: "/{resources.users.id}/c" }, { include_from_parent: includes });
    expect(await messages(users, child)).toEqual([expect.stringContaining(message)]);
  });

  test("needs a parent", async () => {
    expect(await messages(list("users", {}, { include_from_parent: ["id"], batch: { size: 2 } }))).toEqual([
      expect.stringContaining('no-parent: resource "users" has include_from_parent, but no parent'),
      expect.stringContaining('no-parent: resource "users" has batch, but no parent'),
    ]);
    expect(await messages(list("users", {}, { include_from_parent: [] }))).toEqual([]);
  });
});

describe("invalid configurations", () => {
  test.each<[name: string, resources: object[], at: string[], found: string[]]>([
    [
      "two parents",
      [users, list("b"), list("c", { path: "/{resources.users.id}/{resources.b.id}/c" })],
      ["{resources.b.id}"],
      ['two-parents: "c" has two parents, "users" and "b": use the values of one of them'],
    ],
    [
      "a parent and its parent",
      [users, posts, list("likes", { path: "/{resources.users.id}/{resources.posts.id}/x" })],
      ["{resources.posts.id}"],
      [
        'two-parents: "likes" has two parents, "users" and "posts": add "include_from_parent": ["id"] to "posts", and write {resources.posts._users_id} for {resources.users.id}',
      ],
    ],
    [
      "a far ancestor",
      [
        users,
        posts,
        list("likes", { path: "/{resources.posts.id}/likes" }),
        list("d", { path: "/{resources.likes.id}/d", params: { u: "{resources.users.o.id}" } }),
      ],
      ["{resources.users.o.id}"],
      [
        'two-parents: "d" has two parents, "likes" and "users": add "include_from_parent": ["o.id"] to "posts", add "include_from_parent": ["_users_o.id"] to "likes", and write {resources.likes._posts__users_o.id} for {resources.users.o.id}',
      ],
    ],
    [
      "a parent of itself",
      [list("a", { path: "/{resources.a.id}/a" })],
      ["{resources.a.id}"],
      ["circular-parents: circular parents: a, a; each needs the records of the next"],
    ],
    [
      "a cycle, reported once",
      [
        list("a", { path: "/{resources.b.id}/a" }),
        list("b", { path: "/{resources.c.id}/b" }),
        list("c", { path: "/{resources.a.id}/c" }),
        list("d", { path: "/{resources.c.id}/d" }),
      ],
      ["{resources.b.id}"],
      ["circular-parents: circular parents: a, b, c, a; each needs the records of the next"],
    ],
    [
      "a parent that only a step names",
      [users, list("c", {}, { processing_steps: [{ add: { u: "{resources.users.id}" } }] })],
      ['"{resources.users.id}"'],
      [
        "no-parent: {resources.users.id} has no value, because the request names no field of a parent: add one to the path, params, headers or body",
      ],
    ],
  ])("%s", async (_, resources, ...[at, found]) => {
    const text = JSON.stringify(specOfAll(...resources), null, 2);
    const { diagnostics } = await parseText(text);
    expect(messagesOf(diagnostics)).toEqual(found);
    expect(diagnostics.map((one) => pointedAt(text, one))).toEqual(at);
  });

  test("a field that the parent's schema lacks is a warning", async () => {
    const schema = { type: "object", properties: { id: {}, old: {}, gone: {} } };
    const steps = [{ rename: { old: "new" } }, { remove: ["gone"] }, { add: { kind: "x" } }];
    const parent = list("users", {}, { schema, processing_steps: steps });
    const child = (field: string): object => list("c", { path: `/{resources.users.${field}}/c` });
    for (const field of ["id", "new", "kind", "[0]"])
      expect(await messages(parent, child(field))).toEqual([]);
    expect(await messages(parent, child("idd"))).toEqual([
      'unknown-parent-field: {resources.users.idd}: the schema of "users" has no "idd": its fields are id, new, kind; did you mean "id"?',
    ]);
    const including = (field: unknown): object => ({
      ...list("c", { path: "/{resources.users.id}/c" }),
      include_from_parent: [field],
    });
    for (const field of ["new", { path: "kind.name" }])
      expect(await messages(parent, including(field))).toEqual([]);
    for (const field of ["idd", { path: "idd" }, { path: "idd.name", as: "x" }])
      expect(await messages(parent, including(field))).toEqual([
        expect.stringContaining(
          'the schema of "users" has no "idd": its fields are id, new, kind; did you mean "id"?',
        ),
      ]);
    for (const field of ["old", "gone"])
      expect(await messages(parent, child(field))).toEqual([
        `unknown-parent-field: {resources.users.${field}}: a processing step of "users" removes "${field}"`,
      ]);
    expect(
      await messages(list("users", {}, { schema, processing_steps: [{ map: true }] }), child("x")),
    ).toEqual([]);
  });
});

describe("batches", () => {
  test("join the values of several parents", async () => {
    const child = await lastOf(
      users,
      list("c", { params: { ids: "{resources.users.id}" } }, { batch: { size: 50 } }),
    );
    expect(child.plan.map(plainUse)).toMatchObject([{ batch: { size: 50, join: "," } }]);
    expect(child.inputs).toEqual([{ name: "user_id", in: "parent", required: false }]);
  });

  test.each<[resource: object, message: string]>([
    [{ batch: { size: 0 } }, "must be at least 1"],
    [{ batch: { join: "," } }, 'needs "size"'],
    [{ batch: 5 }, "must be an object"],
    [{ batch: { size: 2 }, include_from_parent: ["id"] }, "does not identify its parent"],
    [
      { batch: { size: 2 }, processing_steps: [{ add: { u: "{resources.users.id}" } }] },
      "does not identify its parent",
    ],
  ])("%j: %s", async (resource, message) => {
    expect(await messages(users, list("c", { params: { i: "{resources.users.id}" } }, resource))).toEqual([
      expect.stringContaining(message),
    ]);
  });
});

describe("partitions", () => {
  test("come before the parent in the plan", async () => {
    const child = await lastOf(
      users,
      list(
        "c",
        {
          path: "/{resources.users.id}/{partitions.region}/c",
          params: { v: "{partitions.v}" },
          incremental: { cursor_path: "u" },
        },
        { partitions: { region: ["eu", "us"], v: "{config.versions}" } },
      ),
    );
    expect(child.plan.map(({ kind }) => kind.type)).toEqual(["partitions", "parents", "incremental"]);
    expect(child.plan.map(plainUse)[0]).toEqual({
      type: "partitions",
      partitions: { region: ["eu", "us"], v: "{config.versions}" },
    });
  });

  test.each<[partitions: object, message: string]>([
    [{ r: [] }, "must have at least one item"],
    [{ r: "eu" }, 'invalid list "eu": write the values, or "{config.name}"'],
    [{ r: "{secrets.x}" }, "invalid list"],
    [{ r: [{}] }, "partitions.r[0]"],
    [{ "a-b": ["x"] }, "for a partition: use letters"],
  ])("%j: %s", async (partitions, message) => {
    const found = await messages(list("c", { params: { r: "{partitions.r}" } }, { partitions }));
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });

  test("a list is not a text", async () => {
    const found = await messages(
      list("c", { params: { r: "{partitions.r}", s: "{config.x}" } }, { partitions: { r: "{config.x}" } }),
    );
    expect(found).toEqual([expect.stringContaining("{config.x} is a list of partitions")]);
  });
});
