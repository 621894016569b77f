import type { Keywords, Pass } from "./fitter.js";
import { compilePattern, writeOver, type MakeMatch } from "./patterns.js";
import type { Sampler } from "./sampler.js";

const compiled = new Map<string, MakeMatch | undefined>();

/** Returns the function that creates texts for a pattern; `undefined` if there is none. */
export function patternOf(pattern: string): MakeMatch | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, compilePattern(pattern));
  return compiled.get(pattern);
}

/** Limits on the length of a text, in characters. */
interface Lengths {
  readonly least: number;
  readonly most: number;
}

/** Changes a text by `pattern`, `minLength` and `maxLength`. */
export function fitText(given: string, parts: readonly Keywords[], { fitter, pass }: Pass): string {
  const { sampler } = fitter;
  const patterns = [
    ...new Set(parts.flatMap(({ pattern }) => (typeof pattern === "string" ? [pattern] : []))),
  ];
  const lengths = {
    least: Math.max(0, ...numbersOf(parts, "minLength")),
    most: Math.min(Infinity, ...numbersOf(parts, "maxLength")),
  };
  const makers = patterns.flatMap((pattern) => {
    const make = patternOf(pattern);
    return make ? [{ pattern, make }] : [];
  });
  const isFine = (text: string): boolean => fitter.isValid(text, { allOf: [...parts] });
  for (const text of pass === 0 ? [given, fitLength(given, lengths, sampler)] : [])
    if (isFine(text)) return text;
  let text = given;
  for (let attempt = 0; attempt < 60; attempt++) {
    const extra = extraOf(attempt, lengths, sampler);
    const base = makers[attempt % makers.length];
    text = base
      ? makeMatch(base.make, sampler, { extra })
      : `${sampler.word("adjective")} ${sampler.word("noun")}`;
    if (isFine(text)) return text;
    // A text of one pattern rarely matches the others, so write over it what they require.
    for (const { pattern, make } of makers.filter((other) => other !== base))
      text = writeOver(text, makeMatch(make, sampler, { extra, form: "sketch" }), {
        pattern,
        choose: (count) => sampler.whole(0, count - 1),
      });
    if (isFine(text)) return text;
    text = fitLength(text, lengths, sampler);
    if (isFine(text)) return text;
  }
  return text;
}

/** Creates a random text. Parts of the pattern are repeated at most `extra` times more than necessary. */
export function makeMatch(
  make: MakeMatch,
  sampler: Sampler,
  { extra, form }: { readonly extra: number; readonly form?: "sketch" },
): string {
  return make(
    (count) => sampler.whole(0, count - 1),
    (most) => sampler.whole(0, Math.min(most, extra)),
    form,
  );
}

/** Returns how often parts of a pattern are repeated beyond the minimum. Longer texts need more repetitions. */
function extraOf(attempt: number, { least, most }: Lengths, sampler: Sampler): number {
  const usual = [4, 0, 1, 8][attempt % 4] ?? 4;
  const needed = attempt % 2 === 0 ? least : sampler.whole(0, least);
  return Math.min(most, Math.max(usual, needed));
}

function fitLength(text: string, { least, most }: Lengths, sampler: Sampler): string {
  const characters = Array.from(text);
  if (characters.length > most) return characters.slice(0, most).join("");
  let longer = text;
  while (Array.from(longer).length < least) longer += `${longer ? " " : ""}${sampler.word("noun")}`;
  return Array.from(longer)
    .slice(0, Math.max(least, Math.min(most, Array.from(longer).length)))
    .join("");
}

/** Returns the numbers under a keyword in several schemas. */
export function numbersOf(parts: readonly Keywords[], keyword: string): readonly number[] {
  return parts.flatMap(({ [keyword]: value }) => (typeof value === "number" ? [value] : []));
}

/** Changes a number by its bounds and `multipleOf`. Bounds that are excluded are approached, not reached. */
export function fitNumber(given: number, parts: readonly Keywords[], { fitter, pass }: Pass): number {
  const { sampler } = fitter;
  const isInteger = parts.some(({ type }) => type !== undefined && ![type].flat().includes("number"));
  const low = Math.max(-Infinity, ...numbersOf(parts, "minimum"), ...numbersOf(parts, "exclusiveMinimum"));
  const high = Math.min(Infinity, ...numbersOf(parts, "maximum"), ...numbersOf(parts, "exclusiveMaximum"));
  const factors = numbersOf(parts, "multipleOf").filter((factor) => factor > 0);
  const span = Math.min(1000 * Math.max(1, ...factors), high - low);
  const from = Number.isFinite(low) ? low : (Number.isFinite(high) ? high : given) - span;
  const nearest = Math.min(high, Math.max(low, given));
  const steps = factors.length > 0 ? factors : [isInteger ? 1 : undefined];
  const isFine = (value: number): boolean => fitter.isValid(value, { allOf: [...parts] });
  const candidates = steps.flatMap((step) =>
    multiplesNear(pass === 0 ? nearest : from + sampler.whole(0, 100) * (span / 100), step, isInteger),
  );
  const inside = [0.5, 0.25, 0.75].map((share) => low + (high - low) * share);
  const product = factors.reduce((all, factor) => all * factor, 1);
  return (
    [...candidates, ...multiplesNear(nearest, product, isInteger), low, high, ...inside].find(isFine) ??
    candidates[0] ??
    given
  );
}

/** Returns the multiples of a step around a value, without the digits of binary fractions. */
function multiplesNear(value: number, step: number | undefined, isInteger: boolean): readonly number[] {
  if (step === undefined) return [value, Math.ceil(value), Math.floor(value), Math.floor(value) + 0.5];
  const count = Math.round(value / step);
  const multiples = [0, 1, -1, 2, -2].map((more) => Number(((count + more) * step).toPrecision(15)));
  // A multiple of 0.5 that is an integer is a multiple of 1, too.
  return isInteger ? [...multiples, ...multiples.map((each) => Math.round(each))] : multiples;
}
