import { DecodeError, ReadFailure } from "../errors.js";
import type { BodyDecoder } from "./decoder.js";

/**
 * Splits a body into lines, which may arrive in many pieces. Calls `read` with each line, without its line feed. `end` gets
 * the last line if a line feed is missing there, and `isOpenEnded`.
 */
export function splitLines(
  read: (line: string, number: number) => void,
  end: (rest: string, isOpenEnded?: boolean) => unknown,
): BodyDecoder {
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
    end: (isOpenEnded) => {
      take(rest);
      return end(rest, isOpenEnded);
    },
  };
}

/** Refuses a last line that may be cut: it has no line end, and the response does not state where its body ends. */
export function checkEnd(rest: string, isOpenEnded: boolean | undefined): void {
  if (!rest || !isOpenEnded) return;
  const message =
    "the last line of the body has no line end, and the response states no length: it may be cut";
  throw new ReadFailure(DecodeError, "BODY_UNCHECKED", message, { retries: Infinity });
}
