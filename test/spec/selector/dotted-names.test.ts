import { describe, expect, test } from "vitest";
import { parseSelector, warnAboutDots } from "../../../generator/spec/selector/selector.js";
import { parseValue, specWith } from "../parse-text.js";

describe("a name that contains a dot", () => {
  test.each([
    ["@odata.value", "['@odata.value']"],
    ["$.@odata.nextLink", "$['@odata.nextLink']"],
    ["data.@odata.count", "data['@odata.count']"],
    ["value[0].Items@odata.count", "value[0]['Items@odata.count']"],
    ["odata.nextLink", "['odata.nextLink']"],
    ["@iot.nextLink", "['@iot.nextLink']"],
    ["@microsoft.graph.downloadUrl", "['@microsoft.graph.downloadUrl']"],
  ])("needs quotes: %s", (text, fixed) => {
    expect(warnAboutDots(text).map(({ message }) => message)).toEqual([
      expect.stringMatching(/is the path of several names/),
    ]);
    expect(warnAboutDots(text)[0]?.message).toContain(`write ${JSON.stringify(fixed)}`);
    const result = parseSelector(fixed);
    expect(result.ok && result.segments.at(-1)).toContain(".");
    expect(warnAboutDots(fixed)).toEqual([]);
  });

  test.each([
    "@attributes.total",
    "@context.items",
    "data.items",
    "myodata.value",
    "'@odata.value'",
    "a.'x @odata.y'",
  ])("is not assumed in %s", (text) => {
    expect(warnAboutDots(text)).toEqual([]);
  });

  test("is a warning wherever a selector is written", async () => {
    const given = specWith({
      endpoint: {
        data_selector: "@odata.value",
        paginator: { type: "json_link", next_url_path: "@odata.nextLink" },
      },
      resource: { processing_steps: [{ where: { "@odata.type": "#a" } }] },
    });
    (given["resources"] as object[]).push({
      name: "children",
      endpoint: { path: "/items/{resources.items.@odata.id}", paginator: "single_page" },
    });
    const { spec, diagnostics } = await parseValue(given);
    expect(spec).toBeDefined();
    expect(diagnostics.filter(({ code }) => code === "dotted-name")).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ severity: "warning" }) as unknown),
    );
  });
});
