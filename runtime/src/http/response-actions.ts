import { AuthError, HttpError, ReadFailure } from "../errors.js";
import { parseJson, type JsonValue } from "../json.js";
import { defineKind, type Kind, type KindOptions, type OptionProblem } from "../kind.js";
import { compare } from "../select/compare.js";
import { select, type Selector } from "../select/path.js";
import { readRetryAfter } from "./retry-after.js";
import { describeStatus } from "./status-failure.js";
import type { HeadersLike } from "./transport.js";

/** Interprets responses by their status and body. */
export interface ResponseActions {
  /** The rules as data. */
  readonly rules: readonly unknown[];
  /** Whether a rule reads the body. Then bodies are not streamed. */
  readonly readsBody: boolean;
  /** Returns how to handle the response, or `undefined` for the default. Calls `fail` for a retry or an error. */
  readonly judge: (response: JudgedResponse) => Verdict | undefined;
}

/**
 * How to handle a response: `ignore` ends this sequence of pages without its records, `stop` ends it with them, `renew`
 * repeats the request once with new credentials.
 */
export type Verdict = "ignore" | "stop" | "renew";

/** The response that response actions receive. */
export interface JudgedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  /** The body; empty if it could not be read. */
  readonly text: string;
  /** Whether the request can be repeated with new credentials. */
  readonly canRenew: boolean;
}

/** One rule. All of its conditions must hold. */
export interface ResponseRule {
  /** `retry` repeats the request, `fail` throws an error. */
  readonly action: Verdict | "retry" | "fail";
  /** `404`, a class (`"4xx"`) or a range (`"500-599"`). */
  readonly status?: number | string | undefined;
  /** A part of the body's text. Case-sensitive. */
  readonly content?: string | undefined;
  /** A path in the JSON body, for `equals` or `exists`. A body that is not JSON has no values. */
  readonly path?: Selector | undefined;
  readonly equals?: JsonValue | undefined;
  /** Whether there must be a value at the path. `null` does not count as a value. */
  readonly exists?: boolean | undefined;
  /** The minimum delay before a retry, in milliseconds. Default 0. */
  readonly delayMs?: number | undefined;
  /** The error's message. */
  readonly message?: string | undefined;
}

/** Creates response actions. The first rule that matches decides, for errors and successes alike. */
export function responseActions(rules: readonly ResponseRule[] = []): ResponseActions {
  const readsBody = rules.some(({ content, path }) => content !== undefined || path !== undefined);
  return {
    rules,
    readsBody,
    judge: (response) => judge(rules, response),
  };
}

function judge(rules: readonly ResponseRule[], response: JudgedResponse): Verdict | undefined {
  let parsed: { readonly body: unknown } | undefined;
  const parse = (): unknown => (parsed ??= { body: parseJson(response.text) }).body;
  const rule = rules.find(
    (each) =>
      (each.status === undefined || hasStatus(response.status, each.status)) &&
      (each.content === undefined || response.text.includes(each.content)) &&
      (each.path === undefined || hasValue(select(each.path, parse()) ?? [], each)),
  );
  if (!rule) return undefined;
  const { action, delayMs } = rule;
  const { status, headers, canRenew } = response;
  if (action === "ignore" || action === "stop" || (action === "renew" && canRenew)) return action;
  const message =
    rule.message ?? `${describeStatus(status, response.statusText, response.text)}: ${toWords(rule)}`;
  if (action === "renew") throw new ReadFailure(AuthError, "UNAUTHORIZED", message, { status });
  if (action === "fail") throw new ReadFailure(HttpError, "RESPONSE_REJECTED", message, { status });
  const hint = readRetryAfter(headers, Date.now(), status);
  throw new ReadFailure(HttpError, "RETRY_REQUESTED", message, { status, hint, delayMs, retries: Infinity });
}

function hasValue(values: readonly unknown[], { equals = null, exists }: ResponseRule): boolean {
  return exists === undefined
    ? values.some((value) => compare(value, "==", equals))
    : exists === values.some((value) => value != null);
}

function hasStatus(status: number, wanted: number | string): boolean {
  const [from = "", to = from] = String(wanted).split("-");
  return status >= Number(from.replace(/x/gi, "0")) && status <= Number(to.replace(/x/gi, "9"));
}

/** Describes a rule with texts of the spec, not of the body. */
function toWords({ action, status, content, path, equals = null, exists }: ResponseRule): string {
  const value = exists === undefined ? `is ${JSON.stringify(equals)}` : exists ? "exists" : "does not exist";
  const conditions = [
    status === undefined ? [] : `status ${status}`,
    content === undefined ? [] : `content ${JSON.stringify(content)}`,
    path === undefined ? [] : `${path.join(".")} ${value}`,
  ];
  const refused = action === "renew" ? ", but there are no new credentials" : "";
  return `the response action \`${action}\` matches (${conditions.flat().join(", ")})${refused}`;
}

function checkRule({ action, path, equals, exists, message, delayMs }: KindOptions): OptionProblem[] {
  const problems: readonly (readonly [unknown, string])[] = [
    [
      path !== undefined && equals === undefined && exists === undefined,
      '"json_path" needs "equals", the value at the path, or "exists"',
    ],
    [equals !== undefined && path === undefined, '"equals" needs "json_path": the path of the value'],
    [exists !== undefined && path === undefined, '"exists" needs "json_path": the path of the value'],
    [exists !== undefined && equals !== undefined, '"equals" and "exists" exclude each other'],
    [
      message !== undefined && (action === "ignore" || action === "stop"),
      `"message" is the text of an error, but "${String(action)}" causes none`,
    ],
    [delayMs !== undefined && action !== "retry", '"delay" is the delay before a retry: it needs "retry"'],
  ];
  return problems.flatMap(([applies, text]) => (applies ? [{ message: text }] : []));
}

/** The spec's `response_actions`. */
export const responseActionsKind: Kind = /* @__PURE__ */ defineKind<{ rules: readonly ResponseRule[] }>(
  () => ({
    family: "actions",
    type: "response_actions",
    key: "response_actions",
    factory: "responseActions",
    positional: true,
    summary: "What responses mean besides their status. The first rule that matches applies.",
    options: {
      rules: {
        type: "list",
        description: "The rules, in order.",
        items: {
          type: "group",
          description: "What a response means; all conditions must hold.",
          options: {
            action: {
              type: "choice",
              required: true,
              choices: ["ignore", "stop", "retry", "renew", "fail"],
              description:
                "What happens: `ignore` ends this sequence of pages without the response's records, `stop` ends it with them, " +
                "`retry` tries again, `renew` tries once more with new credentials, `fail` is an error.",
            },
            status: { type: "status", key: "status_code", description: "The status of the response." },
            content: { type: "text", description: "A part of the body's text; case-sensitive." },
            path: {
              type: "selector",
              key: "json_path",
              description: "A path into the JSON body, for `equals` or `exists`.",
              examples: ["error.code"],
            },
            equals: { type: "json", description: "The value at `json_path`." },
            exists: {
              type: "flag",
              description: "Whether there is a value at `json_path`; `null` is none.",
            },
            delayMs: {
              type: "duration",
              above: 0,
              description:
                "The least delay before a `retry`. A longer one that the server asks for applies instead.",
            },
            message: {
              type: "text",
              description: "The message of the error, for `fail`, `retry` and `renew`.",
            },
          },
          examples: [
            { status_code: "5xx", content: "maintenance", action: "retry" },
            {
              json_path: "error.code",
              equals: "NO_ACCESS",
              action: "fail",
              message: "the account has no access to posts",
            },
            { json_path: "errors", exists: true, action: "fail" },
            { status_code: 403, content: "token expired", action: "renew" },
            { status_code: 429, action: "retry", delay: 30 },
          ],
          checkGroup: checkRule,
        },
      },
    },
    phrase: () => "",
    examples: [[{ status_code: 404, action: "ignore" }]],
  }),
);
