import type { BodyDecoder } from "./decoder.js";

/** Splits a body into lines, which may arrive in many pieces. Calls `read` with each line, without its line feed. */
export function splitLines(read: (line: string, number: number) => void, end: () => unknown): BodyDecoder {
  let number = 0;
  let rest = "";
  const take = (line: string): void => read(line, ++number);
  return {
    push: (text) => {
      let start = 0;
      // Only the new text is searched.
      for (let feed; (feed = text.indexOf("\n", start)) >= 0; start = feed + 1) {
        take(rest + text.slice(start, feed));
        rest = "";
      }
      rest += text.slice(start);
    },
    end: () => {
      take(rest);
      return end();
    },
  };
}
