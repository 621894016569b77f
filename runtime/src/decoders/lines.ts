import { DecodeError, ReadFailure } from "../errors.js";
import type { BodyDecoder } from "./decoder.js";

/** Reads the lines of a body for a decoder. */
interface LineReader {
  /** Receives each line, without its line feed. `number` is 1-based. */
  readonly read: (line: string, number: number) => void;
  /** Returns the decoded body. */
  readonly end: () => unknown;
  /**
   * Whether the format shows that its last line is complete. Otherwise a line feed or the length of the response must show
   * it.
   */
  readonly showsEnd?: true;
}

/** Splits a body into lines, which may arrive in many pieces. */
export function splitLines({ read, end, showsEnd }: LineReader): BodyDecoder {
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
      if (!showsEnd) checkEnd(rest, isOpenEnded);
      if (rest) take(rest);
      return end();
    },
  };
}

/** Throws if the last line may be truncated: it has no line end, and the response does not state where its body ends. */
function checkEnd(rest: string, isOpenEnded: boolean | undefined): void {
  if (!rest || !isOpenEnded) return;
  const message =
    "the last line of the body has no line end, and the response states no length: it may be cut";
  throw new ReadFailure(DecodeError, "BODY_UNCHECKED", message, { retries: Infinity });
}
