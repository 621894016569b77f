import { expect, it } from "vitest";
import { answer, jsonType, serve } from "../runtime/server.js";
import { detect, detectJson, file, read } from "./fixtures.js";

const big = "1945044589271781376";
const rows = [
  { what: "a field", items: `{"id":${big}},{"id":1}`, field: "id" },
  { what: "a nested field", items: `{"id":1,"user":{"ids":[1,${big}]}},{"id":2}`, field: "user.ids" },
];

it.each(rows)("detect proposes big_integers for $what", async ({ items, field }) => {
  const { url } = await serve((_, response) =>
    answer(response, 200, { body: `{"data":[${items}]}`, headers: jsonType }),
  );
  const path = file(
    "shop.json",
    JSON.stringify({ name: "shop", client: { base_url: url }, resources: ["orders"] }),
  );
  const [report] = await detectJson(path);
  expect(report?.findings).toContainEqual({
    key: "big_integers",
    value: "string",
    confidence: "sure",
    reasons: [`\`${field}\` holds an integer beyond 2^53, which a number would round`],
    alternatives: [],
  });
  expect(await detect(path, { write: true })).toMatchObject({ code: 0 });
  expect(read(path)).toContain('"big_integers": "string"');
});

it("detect says nothing about integers that the spec or the API needs no setting for", async () => {
  const { url } = await serve((request, response) =>
    answer(response, 200, {
      body: `{"data":[{"id":${request.path === "/big" ? big : 9007199254740991},"text":"${big}"},{"id":2}]}`,
      headers: jsonType,
    }),
  );
  const resources = ["small", { name: "big", endpoint: { path: "/big", big_integers: "bigint" } }];
  const path = file("shop.json", JSON.stringify({ name: "shop", client: { base_url: url }, resources }));
  const reports = await detectJson(path);
  expect(reports.map(({ problem }) => problem)).toEqual([undefined, undefined]);
  expect(reports.flatMap(({ findings }) => findings).filter(({ key }) => key === "big_integers")).toEqual([]);
});
