import type { Evaluator } from "../python/evaluator.js";
import type { PyConstant, PyValue } from "../python/values.js";

/** Times whose fields all have different values, so a result shows the position of each field. */
const samples = ["2034-05-06T17:28:39Z", "2041-11-23T19:46:57Z"] as const;

/**
 * Finds the time format that a function such as `lambda t: t.strftime("%Y%m%d")` writes, by calling it with sample
 * times. Returns empty text if the function returns its argument, and `undefined` for any other function.
 */
export function findTimeFormat(evaluator: Evaluator, fn: PyValue): string | undefined {
  const origin = fn.origin;
  const asText = (value: string): PyConstant => ({ kind: "constant", value, origin });
  // Cursor values are text in JSON; dlt passes an object where the configuration or a step has made one.
  const asTime = (value: string): PyConstant => ({ kind: "constant", value, origin, isTime: true });
  return findFormat(evaluator, fn, asText) ?? findFormat(evaluator, fn, asTime);
}

function findFormat(
  evaluator: Evaluator,
  fn: PyValue,
  toArgument: (sample: string) => PyConstant,
): string | undefined {
  const results = samples.map((sample) => {
    const result = evaluator.callValue(fn, [toArgument(sample)]);
    return result?.kind === "constant" ? result.value : undefined;
  });
  const candidates = samples.map((sample, index) => formatsOf(sample, results[index]));
  const [first = [], second = []] = candidates;
  return first.find((format) => second.includes(format));
}

/** Lists the formats that turn a time into a result. */
function formatsOf(sample: string, result: PyConstant["value"] | undefined): readonly string[] {
  const seconds = Date.parse(sample) / 1000;
  const known: readonly (readonly [string | number, string])[] = [
    [sample, ""],
    [sample.slice(0, 10), "date"],
    [seconds, "epoch"],
    [String(seconds), "epoch"],
    [seconds * 1000, "epoch_ms"],
    [String(seconds * 1000), "epoch_ms"],
  ];
  const found = known.flatMap(([text, format]) => (text === result ? [format] : []));
  return found.length === 0 && typeof result === "string" ? patternsOf(sample, result) : found;
}

/** Lists the strftime pattern that turns a time into text, if it shows the date. */
function patternsOf(sample: string, result: string): readonly string[] {
  const fields = [...sample.matchAll(/\d+/g)].map(([digits]) => digits);
  const letters = ["%Y", "%m", "%d", "%H", "%M", "%S"];
  const directives = new Map(fields.map((digits, index) => [digits, letters[index] ?? ""]));
  const year = fields[0] ?? "";
  const pattern = result
    .replaceAll("%", "%%")
    .replaceAll(new RegExp(`${year}|\\d{2}`, "g"), (digits) => directives.get(digits) ?? digits);
  return pattern.includes("%Y") && pattern.includes("%d") ? [pattern] : [];
}
