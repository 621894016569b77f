import { expect, it } from "vitest";
import { buildSource } from "../../generator/ir/build.js";
import { toLiveSource } from "../../generator/live/live-source.js";
import { loadSpec } from "../../generator/spec/load/load.js";
import { parseSpec } from "../../generator/spec/parse.js";

/** The printed call of a paginator, and whether its pages can be read in parallel. */
async function readPaginator(paginator: object): Promise<object> {
  const text = JSON.stringify({
    name: "shop",
    client: { base_url: "https://api.example.com", paginator },
    resources: [{ name: "rows", endpoint: { path: "rows", data_selector: "items" } }],
  });
  const { spec, diagnostics } = parseSpec(await loadSpec("shop.json", text), { literalSecrets: "error" });
  if (!spec) throw new Error(JSON.stringify(diagnostics));
  const ir = buildSource(spec);
  const [resource] = Object.values(toLiveSource(ir).resources);
  return {
    factory: ir.resources[0]?.paginator.factory,
    isParallel: resource?.paginator.parallel !== undefined,
    options: Object.keys(resource?.paginator.options ?? {}),
  };
}

it.each([
  { given: {}, factory: "pageNumber", isParallel: false },
  { given: { total_path: null }, factory: "pageNumber", isParallel: false },
  { given: { total_path: "meta.total" }, factory: "parallelPageNumber", isParallel: true },
  { given: { total_header: "x-total" }, factory: "parallelPageNumber", isParallel: true },
  { given: { total_of: "records" }, factory: "parallelPageNumber", isParallel: true },
  { given: { parallel: true }, factory: "parallelPageNumber", isParallel: true },
  { given: { total_path: "meta.total", parallel: false }, factory: "pageNumber", isParallel: false },
  { given: { type: "offset", limit: 5 }, factory: "offset", isParallel: false },
  { given: { type: "offset", limit: 5, parallel: true }, factory: "parallelOffset", isParallel: true },
])("$given is printed as $factory", async ({ given, ...want }) => {
  const paginator = await readPaginator({ type: "page_number", ...given });
  expect(paginator).toMatchObject(want);
  // Checkpoints stay valid when it changes: their fingerprint covers the options.
  expect(paginator).not.toMatchObject({ options: expect.arrayContaining(["parallel"]) as unknown });
});
