import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLinkHeader } from "../../../runtime/src/paginators/link-header.js";
import { findLink } from "../../../runtime/src/paginators/header-link.js";
import { headersOf } from "../walk.js";
import { cpuTimeOf } from "../../support/cpu-time.js";

function find(header: string, relation = "next"): string | undefined {
  return findLink({ headers: headersOf({ link: header }), url: "http://x.test/items?page=1" }, relation);
}

describe("a Link header", () => {
  const rows: readonly {
    readonly header: string;
    readonly want: string | undefined;
    readonly relation?: string;
  }[] = [
    { header: '</2>; rel="next"', want: "/2" },
    { header: "</2>; rel=next", want: "/2" },
    { header: "</2>;rel=next", want: "/2" },
    { header: '</2> ; \t rel\t=  "next" ', want: "/2" },
    { header: '</2>; REL="Next"', want: "/2" },
    { header: '</2>; rel="next"', want: "/2", relation: "NEXT" },
    { header: '</9>; rel="last next"', want: "/9" },
    { header: '</9>; rel="  last   next  "', want: "/9" },
    { header: '</9>; rel="last\tnext"', want: "/9" },
    { header: '</1>; rel=prev, </2>; rel="next"', want: "/2" },
    { header: '</1>; rel="prev", , ,</2>; rel="next",', want: "/2" },
    { header: '</2>; rel="next", </3>; rel="next"', want: "/2" },
    { header: '</2>; rel="first"; rel="next"', want: undefined },
    { header: '</2>; title="a, b; c"; rel="next"', want: "/2" },
    { header: '</1>; rel="prev"; title="x, </evil>; rel=next, y", </2>; rel="next"', want: "/2" },
    { header: '</2>; title="a \\" , </evil>; rel=next"; rel="next"', want: "/2" },
    { header: '</2>; crossorigin; rel="next"', want: "/2" },
    { header: "</2>; ; rel=next", want: "/2" },
    { header: "</2>; title*=UTF-8''%e2%82%ac; rel=\"next\"", want: "/2" },
    { header: '<  /2  >; rel="next"', want: "/2" },
    { header: '</2?a=1,2;b=3>; rel="next"', want: "/2?a=1,2;b=3" },
    { header: '<http://x.test/i?u="q">; rel="next"', want: 'http://x.test/i?u="q"' },
    { header: '</2>; rel="ne\\xt"', want: "/2" },
    { header: '<>; rel="next"', want: "" },
    { header: '</2>; rel="http://x.test/rels/next"', want: undefined },
    { header: '</2>; rel="http://x.test/rels/next"', want: "/2", relation: "http://x.test/rels/next" },
    { header: "</2>; rel='next'", want: "/2" },
    { header: "</1>; rel='prev', </2>; title='it'; rel='next'", want: "/2" },
    { header: '</2>; rel="next"; results="true"; cursor="0:100:0"', want: "/2" },
    { header: '</2>; rel="next"; results="false"; cursor="0:100:0"', want: undefined },
    { header: "</2>", want: undefined },
    { header: "", want: undefined },
    { header: "next", want: undefined },
    { header: '/2; rel="next"', want: undefined },
    { header: 'junk "a, b" junk, </2>; rel="next"', want: "/2" },
    { header: '</2; rel="next"', want: undefined },
    { header: '</2>; rel="next', want: "/2" },
    { header: "</2>; rel", want: undefined },
    { header: '</2> junk; rel="next"', want: "/2" },
    { header: '</2>; rel="next"; anchor="#part"', want: undefined },
    { header: '</2>; rel="next"; anchor="/other"', want: undefined },
    { header: '</2>; rel="next"; anchor=""', want: "/2" },
    { header: '</2>; rel="next"; anchor="/items?page=1"', want: "/2" },
    { header: '</9>; rel="next"; anchor="#x", </2>; rel="next"', want: "/2" },
  ];
  it.each(rows)("$header", ({ header, want, relation }) => {
    expect(find(header, relation)).toBe(want);
  });

  it("is parsed completely: targets and parameters in order", () => {
    const [first, second] = parseLinkHeader('</1>; rel=prev; a="b \\\\ c"; A=2, </2>');
    expect([first?.target, [...(first?.params ?? [])]]).toEqual([
      "/1",
      [
        ["rel", "prev"],
        ["a", "b \\ c"],
      ],
    ]);
    expect([second?.target, second?.params.size]).toEqual(["/2", 0]);
  });

  it("accepts any text, and parses generated headers", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseLinkHeader(text).every(({ target }) => text.includes(target))).toBe(true);
      }),
    );
    // `fc.webUrl` takes a second to prepare.
    const parts = fc.constantFrom(
      "a",
      "Z9",
      "-._~",
      "!$&'",
      "(",
      ")*+",
      ",",
      ";",
      "=",
      ":@",
      "/",
      "%20",
      "%C3%A9",
      "%3E",
    );
    const text = fc.array(parts, { maxLength: 20 }).map((chosen) => chosen.join(""));
    const uri = fc
      .tuple(fc.constantFrom("http", "https"), fc.domain(), text, fc.option(text))
      .map(
        ([scheme, domain, path, query]) =>
          `${scheme}://${domain}/${path}${query === null ? "" : `?${query}`}`,
      );
    const title = fc.string().filter((text) => !/["\\]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(uri, title), { minLength: 1, maxLength: 5 }), (links) => {
        const header = links.map(([url, text]) => `<${url}>; title="${text}"; rel=item`).join(", ");
        expect(parseLinkHeader(header).map(({ target, params }) => [target, params.get("title")])).toEqual(
          links,
        );
      }),
    );
  });

  const hostile = {
    commas: ",",
    quotes: '"',
    "open links": "<",
    "empty parameters": "</2>; ",
    "backslashes in quotes": '</2>; a="\\',
    "white space": "</2>;  \t ",
    names: "</2>; a a a",
    separators: ";=,",
  };
  it.each(Object.entries(hostile))("takes linear time: %s", (_, piece) => {
    const time = (length: number): number => {
      const header = piece.repeat(length / piece.length);
      return cpuTimeOf(() => void parseLinkHeader(header));
    };
    time(100_000);
    // In quadratic time, a million characters would take minutes.
    expect(time(1_000_000)).toBeLessThan(2000);
  });
});
