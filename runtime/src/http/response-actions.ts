import { HttpError, ReadFailure } from "../errors.js";
import { parseJson, type JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { compare } from "../select/compare.js";
import { select, type Selector } from "../select/path.js";
import { readRetryAfter } from "./retry-after.js";
import { describeStatus } from "./status-failure.js";
import type { HeadersLike } from "./transport.js";

/** Interprets responses by more than their status. */
export interface ResponseActions {
  /** The rules as data. */
  readonly rules: readonly unknown[];
  /** Whether a rule looks into bodies. Such bodies are not streamed. */
  readonly readsBody: boolean;
  /** Returns `true` if the response ends this sequence of pages. Calls `fail` for a retry or an error. */
  readonly judge: (response: JudgedResponse) => boolean;
}

/** A response as response actions see it. */
export interface JudgedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  /** The body; empty if it could not be read. */
  readonly text: string;
}

/** One rule. All of its conditions must hold. */
export interface ResponseRule {
  /** `ignore` ends the paging without an error, `retry` repeats the request, `fail` throws an error. */
  readonly action: "ignore" | "retry" | "fail";
  /** `404`, a class (`"4xx"`) or a range (`"500-599"`). */
  readonly status?: number | string | undefined;
  /** A part of the body's text. Case-sensitive. */
  readonly content?: string | undefined;
  /** A path in the JSON body whose value must be `equals`. A body that is not JSON has no values. */
  readonly path?: Selector | undefined;
  readonly equals?: JsonValue | undefined;
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

function judge(rules: readonly ResponseRule[], response: JudgedResponse): boolean {
  let parsed: { readonly body: unknown } | undefined;
  const parse = (): unknown => (parsed ??= { body: parseJson(response.text) }).body;
  const rule = rules.find(
    ({ status, content, path, equals = null }) =>
      (status === undefined || hasStatus(response.status, status)) &&
      (content === undefined || response.text.includes(content)) &&
      (path === undefined || select(path, parse())?.some((value) => compare(value, "==", equals))),
  );
  if (!rule) return false;
  const { action } = rule;
  if (action === "ignore") return true;
  const { status, headers } = response;
  const message =
    rule.message ??
    `${describeStatus(status, response.statusText)}: the response action \`${action}\` matches (${toWords(rule)})`;
  if (action === "fail") throw new ReadFailure(HttpError, "RESPONSE_REJECTED", message, { status });
  const hint = readRetryAfter(headers, Date.now());
  throw new ReadFailure(HttpError, "RETRY_REQUESTED", message, { status, hint, retries: Infinity });
}

function hasStatus(status: number, wanted: number | string): boolean {
  const [from = "", to = from] = String(wanted).split("-");
  return status >= Number(from.replace(/x/gi, "0")) && status <= Number(to.replace(/x/gi, "9"));
}

/** The conditions of a rule in words: texts of the spec, not of the body. */
function toWords({ status, content, path, equals = null }: ResponseRule): string {
  return [
    status === undefined ? [] : `status ${status}`,
    content === undefined ? [] : `content ${JSON.stringify(content)}`,
    path === undefined ? [] : `${path.join(".")} is ${JSON.stringify(equals)}`,
  ]
    .flat()
    .join(", ");
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
              choices: ["ignore", "retry", "fail"],
              description:
                "What happens: `ignore` ends this sequence of pages without an error, `retry` tries again, `fail` is an error.",
            },
            status: { type: "status", key: "status_code", description: "The status of the response." },
            content: { type: "text", description: "A part of the body's text; case-sensitive." },
            path: {
              type: "selector",
              key: "json_path",
              description: "A path into the JSON body; the rule matches if the value there is `equals`.",
              examples: ["error.code"],
            },
            equals: { type: "json", description: "The value at `json_path`." },
            message: { type: "text", description: "The message of the error, for `fail` and `retry`." },
          },
          examples: [
            { status_code: "5xx", content: "maintenance", action: "retry" },
            {
              json_path: "error.code",
              equals: "NO_ACCESS",
              action: "fail",
              message: "the account has no access to posts",
            },
          ],
          checkGroup: ({ action, path, equals, message }) => [
            ...(path !== undefined && equals === undefined
              ? [{ message: '"json_path" needs "equals": the value at the path' }]
              : []),
            ...(equals !== undefined && path === undefined
              ? [{ message: '"equals" needs "json_path": the path of the value' }]
              : []),
            ...(message !== undefined && action === "ignore"
              ? [{ message: '"message" is the text of an error, but "ignore" causes none' }]
              : []),
          ],
        },
      },
    },
    phrase: () => "",
    examples: [[{ status_code: 404, action: "ignore" }]],
  }),
);
