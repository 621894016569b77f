import { InvalidArgumentError } from "commander";

/** The largest whole number of an option. A timer with a longer delay would end at once. */
const largest = 2 ** 31 - 1;

/** Parses a whole number that fits into a timer. */
export function parseWholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  if (Number(text) > largest) throw new InvalidArgumentError(`Expected a number up to ${largest}.`);
  return Number(text);
}

/** Parses the number of a TCP port; 0 selects a free one. */
export function parsePort(text: string): number {
  const port = parseWholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError("Expected a port from 0 to 65535.");
  return port;
}

/** Parses a whole number above 0. */
export function parsePositive(text: string): number {
  const number = parseWholeNumber(text);
  if (number === 0) throw new InvalidArgumentError("Expected a number above 0.");
  return number;
}

/** Collects the values of a repeatable option. */
export function collectTexts(text: string, texts: readonly string[] = []): readonly string[] {
  return [...texts, text];
}

/** Collects the values of a repeatable option that takes `name=value`. */
export function collectPairs(text: string, pairs: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError("Expected name=value.");
  return [...pairs, text];
}
