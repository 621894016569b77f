import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csv, jsonLines, singlePage } from "../../../runtime/src/index.js";
import type { Decoder } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch, open } from "../fixtures.js";
import { cpuTimeOf } from "../../support/cpu-time.js";

/** Decodes a text that arrives in pieces of `size` characters. */
function decode(decoder: Decoder, text: string, size = Infinity): unknown {
  const { push, end } = decoder.start();
  for (let at = 0; at < text.length; at += size) push(text.slice(at, at + size));
  return end();
}

/** Returns the error of a read with this body, and the number of requests. */
async function refusal(
  decoder: Decoder,
  body: string,
): Promise<{ code: string; message: string; asked: number }> {
  const { fetch, seen } = fakeFetch(() => ({ body }));
  const resource = { decode: decoder, select: [], paginator: singlePage() };
  const read = open({ url: "http://api.test", resource, options: { fetch } });
  const error = await errorOf(read().toArray());
  expect(error.name).toBe("DecodeError");
  return { code: error.code, message: error.message, asked: seen.length };
}

describe("JSON lines", () => {
  const rows = [
    {
      name: "values of all types",
      given: '{"a":1}\n[2]\n"x"\nnull\n0\n',
      want: [{ a: 1 }, [2], "x", null, 0],
    },
    { name: "no line break at the end", given: '{"a":1}\n{"a":2}', want: [{ a: 1 }, { a: 2 }] },
    {
      name: "CRLF and blank lines",
      given: '\r\n{"a":1}\r\n\n \t\r\n{"a":2}\r\n\r\n',
      want: [{ a: 1 }, { a: 2 }],
    },
    { name: "line breaks in texts, escaped", given: '{"a":"x\\ny\\u2028"}\n', want: [{ a: "x\ny\u2028" }] },
    {
      name: "separators of Unicode, which end no line",
      given: '"a\u2028b\u0085c"\n',
      want: ["a\u2028b\u0085c"],
    },
    { name: "nothing", given: "", want: [] },
  ];
  it.each(rows)("are read: $name", ({ given, want }) => {
    for (const size of [1, 2, 3, 7, Infinity]) expect(decode(jsonLines(), given, size)).toEqual(want);
  });

  it("that are not JSON are named by their number, and requested again", async () => {
    const { code, message, asked } = await refusal(jsonLines(), '{"a":1}\n\n{"secret":"hunter2"');
    expect({ code, asked }).toEqual({ code: "NOT_JSON", asked: 5 });
    expect(message).toContain("line 3, column 20 of the body is not JSON");
    expect(message).not.toContain("hunter2");
  });

  it("of one line in many pieces are read in linear time", () => {
    const { push, end } = jsonLines().start();
    push('"');
    for (let n = 0; n < 300_000; n++) push("0123456789");
    push('"');
    const time = cpuTimeOf(() => expect((end() as string[])[0]).toHaveLength(3_000_000));
    expect(time).toBeLessThan(2000);
  });
});

describe("CSV", () => {
  const rows = [
    {
      name: "a table",
      given: "id,name\n1,one\n2,two\n",
      want: [
        { id: "1", name: "one" },
        { id: "2", name: "two" },
      ],
    },
    { name: "no line break at the end, CRLF", given: "id\r\n1\r\n2", want: [{ id: "1" }, { id: "2" }] },
    {
      name: "quoted fields",
      given: 'a,b\n"x,y","say ""hi"""\n"",""""\n',
      want: [
        { a: "x,y", b: 'say "hi"' },
        { a: "", b: '"' },
      ],
    },
    { name: "line breaks in fields", given: 'a,b\r\n"1\r\n2\n",3\r\n', want: [{ a: "1\r\n2\n", b: "3" }] },
    {
      name: "empty fields",
      given: "a,b,c\n,,\n1,,\n",
      want: [
        { a: "", b: "", c: "" },
        { a: "1", b: "", c: "" },
      ],
    },
    { name: "blank lines of several columns", given: "\na,b\n\n1,2\n\r\n", want: [{ a: "1", b: "2" }] },
    { name: "blank lines of one column", given: "a\n\n1\n", want: [{ a: "" }, { a: "1" }] },
    {
      name: "HTML or XML in the first field after the header",
      given: "page,id\n<!DOCTYPE html>,1\n<html>,2\n",
      want: [
        { page: "<!DOCTYPE html>", id: "1" },
        { page: "<html>", id: "2" },
      ],
    },
    { name: "XML below a header", given: "doc\n<?xml?>\n", want: [{ doc: "<?xml?>" }] },
    { name: "spaces, which are kept", given: "a,b\n 1 ,\t2\n", want: [{ a: " 1 ", b: "\t2" }] },
    { name: "quoted names", given: '"a,b","c\nd"\n1,2\n', want: [{ "a,b": "1", "c\nd": "2" }] },
    { name: "a header only", given: "id,name\n", want: [] },
    {
      name: "__proto__ and constructor",
      given: "__proto__,constructor\n1,2\n",
      want: [JSON.parse('{"__proto__":"1","constructor":"2"}')],
    },
    {
      name: "another delimiter",
      given: 'a;b\n1,5;"x;y"\n',
      options: { delimiter: ";" },
      want: [{ a: "1,5", b: "x;y" }],
    },
    { name: "tabs", given: "a\tb\n1\t\n", options: { delimiter: "\t" }, want: [{ a: "1", b: "" }] },
    {
      name: "columns instead of a header",
      given: "1,one\n2,two\n",
      options: { columns: ["id", "name"] },
      want: [
        { id: "1", name: "one" },
        { id: "2", name: "two" },
      ],
    },
    {
      name: "comments, also with a quotation mark",
      given: '# it"s a report\na,b\n#1,2\n3,"#4\n# 5"\n',
      options: { comment: "#" },
      want: [{ a: "3", b: "#4\n# 5" }],
    },
    {
      name: "lines before the header",
      given: 'Report "x\n\na,b\n1,2\n',
      options: { skipLines: 2 },
      want: [{ a: "1", b: "2" }],
    },
    {
      name: "rows at the end that are not records",
      given: "a,b\n1,2\n3,4\nTotal\n2 rows\n\n",
      options: { footerRows: 2 },
      want: [
        { a: "1", b: "2" },
        { a: "3", b: "4" },
      ],
    },
    { name: "a footer alone", given: "a\nTotal: 0\n", options: { footerRows: 1 }, want: [] },
    {
      name: "ragged rows",
      given: "a,b,c\n1\n1,2,3,,\n",
      options: { ragged: "fill" as const },
      want: [
        { a: "1", b: "", c: "" },
        { a: "1", b: "2", c: "3" },
      ],
    },
    { name: "nothing, the columns being known", given: "", options: { columns: ["id"] }, want: [] },
  ];
  it.each(rows)("is read: $name", ({ given, want, options }) => {
    for (const size of [1, 2, 3, 7, Infinity]) expect(decode(csv(options), given, size)).toEqual(want);
  });

  const broken = [
    { name: "nothing", given: "", asked: 5, message: "the body is empty: it has no header" },
    {
      name: "too few fields",
      given: "a,b\n1,2\n\n3\n",
      message: "line 4 of the body has 1 fields, but the header has 2",
    },
    {
      name: "too many fields",
      given: "a,b\n1,2,3",
      message: "line 2 of the body has 3 fields, but the header has 2",
    },
    {
      name: "fields against columns",
      given: "1,2",
      options: { columns: ["a"] },
      message: "line 1 of the body has 2 fields, but `columns` names 1",
    },
    {
      name: "too many fields, which `fill` does not drop",
      given: "a,b\n1,2,,4\n",
      options: { ragged: "fill" as const },
      message: "line 2 of the body has 4 fields, but the header has 2",
    },
    {
      name: "a row after a field of three lines",
      given: 'a,b\n"1\n2\n3",4\n5\n',
      message: "line 5 of the body has 1 fields, but the header has 2",
    },
    {
      name: "a quote that does not end",
      given: 'a,b\n1,"hunter2\n3,4\n',
      asked: 5,
      message: "line 2, column 3 of the body has a quoted field that does not end",
    },
    {
      name: "a quote that ends in a quote",
      given: 'a\n"hunter2""',
      asked: 5,
      message: "line 2, column 1 of the body has a quoted field that does not end",
    },
    {
      name: "text after a quote",
      given: 'a\n"hunter2"x\n',
      message: "line 2, column 1 of the body has text after the quotation mark",
    },
    {
      name: "a quote within a field",
      given: 'a\nhunter2 5"\n',
      message: "line 2, column 1 of the body has a quotation mark or a carriage return",
    },
    {
      name: "line ends of old",
      given: "a\r1\r2\r",
      message: "line 1, column 1 of the body has a quotation mark or a carriage return",
    },
    {
      name: "a name twice",
      given: "a,b,a\n1,2,3\n",
      message: "line 1 of the body has one name for columns 1 and 3 in the header",
    },
    {
      name: "a header with another delimiter",
      given: "id;t\n1;2\n",
      message: "line 1 of the body has one column whose name holds another delimiter: set `delimiter`",
    },
    {
      name: "a header with tabs",
      given: "id\tt\tu\n1\t2\t3\n",
      message: "line 1 of the body has one column whose name holds another delimiter: set `delimiter`",
    },
    {
      name: "a column without a name",
      given: "a,\n1,2\n",
      message: "line 1 of the body has no name for column 2 in the header",
    },
    {
      name: "a page of a proxy",
      given: "<!DOCTYPE html>\n<p>down</p>\n",
      asked: 2,
      message: "line 1 of the body has HTML or XML instead of a header",
    },
    {
      name: "an error as JSON",
      given: '{"error":"hunter2"}',
      asked: 2,
      message: "line 1, column 1 of the body has a quotation mark",
    },
  ];
  it.each(broken)("is refused: $name", async ({ given, message, options, asked = 1 }) => {
    const refused = await refusal(csv(options), given);
    expect(refused).toMatchObject({ code: "NOT_CSV", asked });
    expect(refused.message).toContain(message);
    expect(refused.message).not.toContain("hunter2");
  });

  it("is decoded correctly, for any split into pieces", () => {
    const field = fc.oneof(fc.string({ maxLength: 6 }), fc.stringMatching(/^[a",\r\n; ]{0,6}$/));
    const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
      fc.record({
        names: fc.uniqueArray(field.filter(Boolean), { minLength: width, maxLength: width }),
        rows: fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 6 }),
        isQuotedAlways: fc.boolean(),
        lineEnd: fc.constantFrom("\n", "\r\n"),
        delimiter: fc.constantFrom(",", ";"),
        size: fc.integer({ min: 1, max: 9 }),
      }),
    );
    fc.assert(
      fc.property(table, ({ names, rows, isQuotedAlways, lineEnd, delimiter, size }) => {
        fc.pre(!/^\s*</.test(names[0] ?? ""));
        const write = (text: string): string =>
          isQuotedAlways || /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const text = [names, ...rows].map((row) => row.map(write).join(delimiter) + lineEnd).join("");
        const want = rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
        expect(decode(csv({ delimiter }), text, size)).toEqual(want);
      }),
      { numRuns: 500 },
    );
  });
});
