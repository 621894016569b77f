import { z } from "zod";

import type { TextProblem } from "../template/placeholders.js";
import { quote } from "../wording.js";
import { secondsOf } from "./durations.js";

/** What an editor shows about a key, beside its type. */
export interface Hint {
  readonly description: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** An object that takes exactly the given keys. */
export function closed<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    // Zod does not tell which keys are valid: the message of this issue is their list, for issues.ts.
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(",") : undefined),
  });
}

/** Text that must pass a check; each problem may name a spot of the text. */
export function checkedText(check: (text: string) => readonly TextProblem[]): z.ZodString {
  return z.string().check((payload) => {
    for (const { code, message, offset, length } of check(payload.value)) {
      payload.issues.push({
        code: "custom",
        input: payload.value,
        message,
        params: { code, offset, length },
      });
    }
  });
}

/** Text that is one of some words, with a message of its own for words that are not. */
export function word(words: readonly string[], explain: (text: string) => string): z.ZodString {
  const check = (text: string): TextProblem[] =>
    words.includes(text) ? [] : [{ code: "unknown-value", message: explain(text) }];
  return checkedText(check).meta({ enum: [...words] });
}

/** A key that may be left out or be `null`, which is the same. */
export function optional(schema: z.ZodType, hint: Hint): z.ZodType {
  return schema
    .nullable()
    .meta({ ...hint })
    .optional();
}

/** A time in seconds, or an ISO 8601 duration of fixed length within the same bounds. */
export function duration(seconds: z.ZodNumber): z.ZodType {
  const text = checkedText((given) => {
    const length = secondsOf(given);
    if (length !== undefined) return problemsOf(seconds, length);
    const message = `invalid duration ${quote(given)}: write seconds as a number, or a duration such as "PT15M"`;
    return [{ code: given.startsWith("P") ? "invalid-value" : "wrong-type", message }];
  });
  return z.union([seconds, text.meta({ format: "duration", pattern: "^P[0-9A-Z]+$" })]);
}

function problemsOf(seconds: z.ZodNumber, length: number): readonly TextProblem[] {
  return seconds.safeParse(length).success
    ? []
    : [{ code: "invalid-value", message: "this duration is too short" }];
}

/** A key of dlt's language whose values cannot be given in a spec; only `null` may stand there. */
export function unsupported(message: string): z.ZodType {
  return checkedValue(() => ({ code: "unsupported", message })).meta({ not: {} });
}

/** Any value that passes a check. */
export function checkedValue(check: (value: unknown) => TextProblem | undefined): z.ZodType {
  return z.unknown().check((payload) => {
    const problem = check(payload.value);
    if (!problem) return;
    const { code, message } = problem;
    payload.issues.push({ code: "custom", input: payload.value, message, params: { code } });
  });
}
