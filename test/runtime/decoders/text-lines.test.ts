import { describe, expect, it } from "vitest";
import { textLines } from "../../../runtime/src/index.js";
import { fakeFetch, open } from "../fixtures.js";

function decode(...pieces: readonly string[]): unknown {
  const { push, end } = textLines().start();
  for (const piece of pieces) push(piece);
  return end();
}

describe("the decoder text", () => {
  it.each([
    { given: ["a\nb\n"], want: ["a", "b"] },
    { given: ["a\r\nb"], want: ["a", "b"] },
    { given: ["a", "b\nc", "\n"], want: ["ab", "c"] },
    { given: ["a\n\n\nb\n"], want: ["a", "", "", "b"] },
    { given: ["\n"], want: [""] },
    { given: [""], want: [] },
    { given: [], want: [] },
  ])("reads $given", ({ given, want }) => {
    expect(decode(...given)).toEqual(want.map((line) => ({ line })));
  });

  it("asks for text and reads a page", async () => {
    const { fetch, seen } = fakeFetch(() => ({ body: "first\nsecond\n" }));
    const read = open({
      url: "http://api.test",
      resource: { decode: textLines(), select: [], primaryKey: [] },
      options: { fetch },
    });
    expect(await read({ maxPages: 1 }).toArray()).toEqual([{ line: "first" }, { line: "second" }]);
    expect(seen[0]?.headers["accept"]).toBe("text/plain, */*;q=0.1");
  });
});
