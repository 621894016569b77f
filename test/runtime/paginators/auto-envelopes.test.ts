import { describe, expect, it } from "vitest";
import { auto } from "../../../runtime/src/index.js";
import { exchangeOf, headersOf, items, walk } from "../walk.js";

describe("auto follows the envelopes of public APIs", () => {
  const rows = [
    {
      name: "a cursor in the object of the next page (HubSpot)",
      bodies: [items(1, { paging: { next: { after: "a" } } }), items(1)],
      asks: ["", "after=a"],
      end: "no_next",
      warning: '{"type":"cursor","cursor_path":"$.paging.next.after","cursor_param":"after"}',
    },
    {
      name: "a cursor beside page numbers (Intercom)",
      bodies: [
        items(1, { pages: { page: 1, total_pages: 2, next: { page: 2, starting_after: "a" } } }),
        items(1, { pages: { page: 2, total_pages: 2 } }),
      ],
      asks: ["", "starting_after=a"],
      end: "no_next",
      warning: '"cursor_param":"starting_after"',
    },
    {
      name: "an offset that is text (Airtable)",
      bodies: [items(1, { offset: "itr/1" }), items(1)],
      asks: ["", "offset=itr/1"],
      end: "no_next",
      warning: '{"type":"cursor","cursor_path":"$.offset","cursor_param":"offset"}',
    },
    {
      name: "a cursor without a flag (Square)",
      bodies: [items(1, { cursor: "a" }), items(1)],
      asks: ["", "cursor=a"],
      end: "no_next",
      warning: '{"type":"cursor","cursor_path":"$.cursor"}',
    },
    {
      name: "a cursor that stays when a flag indicates the end",
      bodies: [
        items(1, { next_cursor: "a", has_more: true }),
        items(1, { next_cursor: "b", has_more: false }),
      ],
      asks: ["", "cursor=a"],
      end: "has_more_false",
      warning: '"has_more_path":"$.has_more"',
    },
    {
      name: "a flag that the last page omits together with the cursor",
      bodies: [items(1, { next_cursor: "a", has_more: true }), items(1)],
      asks: ["", "cursor=a"],
      end: "no_next",
      warning: '"has_more_path":"$.has_more"',
    },
    {
      name: "a link to more (Discourse)",
      bodies: [items(1, { more_topics_url: "/p2" }), items(1)],
      asks: ["", "/p2"],
      end: "no_next",
      warning: '{"type":"json_link","next_url_path":"$.more_topics_url"}',
    },
    {
      name: "links with a relation (FHIR)",
      bodies: [items(1, { link: [{ relation: "next", url: "/p2" }] }), items(1, { link: [] })],
      asks: ["", "/p2"],
      end: "no_next",
      warning: '{"type":"json_link","next_url_path":"$.link"}',
    },
  ];
  it.each(rows)("$name", ({ bodies, asks, end, warning }) => {
    const walked = walk(auto(), bodies);
    expect(walked).toMatchObject({ asked: asks, end });
    expect(walked.warnings[0]).toContain(warning);
  });

  it.each([
    { name: "a flag indicates the end", beside: { cursor: "a", has_more: false } },
    { name: "the offset is a number", beside: { offset: "0" } },
  ])("reads one page where $name", ({ beside }) => {
    expect(walk(auto(), [items(1, beside)])).toMatchObject({ asked: [""], end: "single_page" });
  });
});

describe("auto does not end in silence where there is more", () => {
  it("rejects a total in an object", () => {
    const exchange = exchangeOf(items(2, { total: { value: 50 } }));
    expect(() => auto().next(auto().start, exchange)).toThrow("although $.total.value indicates more");
  });

  it.each([
    { headers: { "x-next-page": "2" }, sign: "x-next-page" },
    { headers: { "x-total-count": "50" }, sign: "x-total-count" },
    { headers: { "x-wp-total": "50" }, sign: "x-wp-total" },
  ])("rejects a list whose headers say that there is more: $sign", ({ headers, sign }) => {
    const exchange = exchangeOf([{ id: 1 }], { headers: headersOf(headers) });
    const next = (): unknown => auto().next(auto().start, exchange);
    expect(next).toThrow(`although the header ${sign} indicates more records`);
  });

  it.each<Record<string, string>>([{ "x-next-page": "" }, { "x-total-count": "1" }, {}])(
    "reads one page with the headers %j",
    (headers) => {
      const exchange = exchangeOf([{ id: 1 }], { headers: headersOf(headers) });
      expect(auto().next(auto().start, exchange)).toMatchObject({ stop: "single_page" });
    },
  );
});
