import type { Counter } from "./run.js";

/** A deliberate defect of the runtime, as an edit of one of its sources. */
export interface BrokenRuntime {
  readonly name: string;
  /** Relative to `runtime/src`. */
  readonly file: string;
  /** Must occur exactly once in the file. */
  readonly search: string;
  readonly replace: string;
  /** The part of the matrix that must find it: a text in the level and name of the runs. */
  readonly only: string;
  /** The counter that must not be 0. */
  readonly counter: Counter;
}

/** The matrix must find each of these defects. Otherwise, it would check nothing. */
export const brokenRuntimes: readonly BrokenRuntime[] = [
  {
    name: "the state is saved before the data",
    file: "read/pages.ts",
    search: "      return { value: page };\n",
    replace:
      "      const ahead = await pending?.catch(() => undefined);\n" +
      "      return { value: ahead ? { ...page, checkpoint: ahead.page.checkpoint } : page };\n",
    only: "schedule: #10",
    counter: "lost",
  },
  {
    name: "repeated pages are not detected",
    file: "read/guards.ts",
    search: "      if (period) {",
    replace: "      if (period < 0) {",
    only: "misbehaviour: ignored",
    counter: "silent",
  },
  {
    name: "the body is read outside the attempt",
    file: "http/send.ts",
    search: "      isStale,\n      retries: Infinity,",
    replace: '      isStale,\n      retries: what === "no response" ? Infinity : 0,',
    only: "recoverable: cut, with length · cursor",
    counter: "lost",
  },
  {
    name: "dates are parsed by Date.parse",
    file: "http/retry-after.ts",
    search: "  const latest = new Date(now).getUTCFullYear() + 50;",
    replace:
      "  if (text) return Date.parse(text) || undefined;\n  const latest = new Date(now).getUTCFullYear() + 50;",
    only: "recoverable: 429, asctime date · page_number",
    counter: "lost",
  },
  {
    name: "redirects are followed with credentials",
    file: "http/authorize.ts",
    search: "if (!isTrusted || hasLeft) {",
    replace: "if (context === undefined) {",
    only: "leak: redirect (302) · key in",
    counter: "leaked",
  },
  {
    name: "Retry-After is clamped",
    file: "http/retry-after.ts",
    search: "if (milliseconds !== undefined) return milliseconds;",
    replace: "if (milliseconds !== undefined) return Math.min(milliseconds, 200);",
    only: "recoverable: 429, seconds · offset",
    counter: "early",
  },
  {
    name: "records are copied by Object.assign",
    file: "shapers/add.ts",
    search: '({ ...asObject(record, "add"), ...added })',
    replace: 'Object.assign({}, asObject(record, "add"), added)',
    only: "recoverable: no fault · json_link",
    counter: "altered",
  },
  {
    name: "secrets are redacted by name only",
    file: "client/redact.ts",
    search: "clean: (text) => replace(text, findSecrets(text, index)),",
    replace: "clean: (text) => text.replace(/(?<=(key|token|secret|password)=)[^&]*/gi, redacted),",
    only: "leak: 401 repeats the request · bearer",
    counter: "leaked",
  },
  {
    name: "pages ahead are taken wherever they begin",
    file: "paginators/parallel-pages.ts",
    search: "if (first && !fits(first.position))",
    replace: "if (first && !fits && first.position)",
    only: "parallel: #1",
    counter: "altered",
  },
  {
    name: "pages ahead do not learn what the page before has determined",
    file: "paginators/page-ahead.ts",
    search: "const actual = (await state.settled) ?? position;",
    replace: "const actual = (await state.settled) ? position : position;",
    only: "parallel: #2",
    counter: "altered",
  },
  {
    name: "one page too many is in flight",
    file: "paginators/parallel-pages.ts",
    search: "const most = requestsInFlight(given);",
    replace: "const most = requestsInFlight(given) + 1;",
    only: "parallel: #3",
    counter: "excess",
  },
];
