import * as z from "zod";

import type { TextProblem } from "../template/placeholders.js";
import { once } from "../values.js";
import { quote } from "../wording.js";
import { secondsOf } from "./durations.js";

/** The documentation of a key, which editors show beside its type. */
export interface Hint {
  readonly description: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/**
 * Returns the grammar of an object that allows only the given keys. Creates their grammars when it reads the first object:
 * most specs use a small part of the language.
 */
export function closed(keys: () => z.ZodRawShape): z.ZodObject<z.ZodRawShape, z.core.$strict> {
  const shape = once(keys);
  return new z.ZodObject({
    type: "object",
    get shape() {
      return shape();
    },
    catchall: z.never(),
    // Zod does not list the valid keys, so the message carries them to issues.ts.
    error: (issue: z.core.$ZodRawIssue) =>
      issue.code === "unrecognized_keys" ? Object.keys(shape()).join(",") : undefined,
  });
}

/** Returns the grammar of a text that must pass a check. Each problem may point to a range of the text. */
export function checkedText(check: (text: string) => readonly TextProblem[]): z.ZodString {
  return z.string().check((payload) => {
    for (const { message, ...params } of check(payload.value))
      payload.issues.push({ code: "custom", input: payload.value, message, params });
  });
}

/** The grammar of a header's name. In headers of a resource, it may contain placeholders. */
export const headerName: z.ZodString = checkedText((name) => {
  if (/^[\w!#$%&'*+.^`|~{}-]*$/.test(name.replaceAll(/\{[^{}]*\}/g, ""))) return [];
  const message = `invalid header name ${quote(name)}: use letters, digits, "-" and "_"`;
  return [{ code: "invalid-value", message }];
}).min(1);

/** Reports the characters that a header cannot contain. After a line break, the rest would be another header. */
export function checkHeaderValue(text: string): readonly TextProblem[] {
  const [character] = /[^\t -~\u0080-\u00ff]/u.exec(text) ?? [];
  if (character === undefined) return [];
  const message = `a header cannot contain ${quote(character)}: remove this character, or encode it as the API expects`;
  return [{ code: "invalid-value", message }];
}

/** Returns the grammar of a text that is one of the given words. `explain` writes the message for any other text. */
export function word(words: readonly string[], explain: (text: string) => string): z.ZodString {
  const check = (text: string): TextProblem[] =>
    words.includes(text) ? [] : [{ code: "unknown-value", message: explain(text) }];
  return checkedText(check).meta({ enum: [...words] });
}

/** Makes a key optional. `null` has the same effect as omitting it. */
export function optional(schema: z.ZodType, hint: Hint): z.ZodType {
  // Unlike `meta`, `register` makes no copy.
  return schema
    .nullable()
    .register(z.globalRegistry, { ...hint })
    .optional();
}

/** Returns the grammar of a time: seconds, or an ISO 8601 duration of fixed length within the same bounds. */
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

/** Returns the grammar of a dlt key that a spec does not support. Only `null` is valid. */
export function unsupported(message: string): z.ZodType {
  return checkedValue(() => ({ code: "unsupported", message })).meta({ not: {} });
}

/** Returns the grammar of any value that passes a check. */
export function checkedValue(check: (value: unknown) => TextProblem | undefined): z.ZodType {
  return z.unknown().check((payload) => {
    const problem = check(payload.value);
    if (!problem) return;
    const { code, message } = problem;
    payload.issues.push({ code: "custom", input: payload.value, message, params: { code } });
  });
}
