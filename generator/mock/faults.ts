import { didYouMean, quote } from "../spec/wording.js";

/**
 * A fault to inject before a successful response. The grammar of a list of faults:
 *
 *     faults  =  fault *( "," fault )
 *     fault   =  kind [ ":" wait ] [ "@" page ] [ "*" times ]
 *     kind    =  400…599 | a name in `faultHelp`
 *     wait    =  seconds | date | rfc850 | asctime       Retry-After of a status; `429` alone means `429:0`
 *     page    =  first | middle | last | page index, from 0
 *     times   =  failed attempts per page, 1 by default
 *
 * Faults without a page rotate over the pages: with `429,reset`, the first page of each resource responds with 429 once,
 * the second resets the connection once, the third responds with 429 once, and so on. Faults with a page affect only
 * that page. A page with several faults applies them attempt by attempt, then succeeds once and starts again.
 */
export interface FaultSpec {
  readonly kind: FaultKind;
  /** Status code; only with the kind `status`. */
  readonly status?: number;
  /** `Retry-After`: seconds, or the form of an HTTP date about one second ahead; only with the kind `status`. */
  readonly retryAfter?: number | HttpDateForm;
  /** Page to affect, as an index from 0 or by name. Default: the faults rotate over all pages. */
  readonly page?: "first" | "middle" | "last" | number;
  /** Failed attempts per page. */
  readonly times: number;
}

/** The kind of a fault; see `faultHelp`. */
export type FaultKind = "status" | keyof typeof faultHelp;

/** Forms of an HTTP date that recipients must accept (RFC 9110 §5.6.7). */
export type HttpDateForm = "date" | "rfc850" | "asctime";

/** Descriptions of all faults other than a status. `inject.ts` sends them. */
export const faultHelp = {
  "204": "responds with 204 and no body",
  "429-no-wait": "responds with 429 without Retry-After",
  "429-huge": "responds with 429 and a Retry-After of one day",
  "429-negative": "responds with 429 and Retry-After: -1",
  "429-past": "responds with 429 and a Retry-After in the past",
  "429-junk": "responds with 429 and an invalid Retry-After",
  "429-ms": "responds with 429 and Retry-After-Ms: 300",
  "403-quota": "responds with 403 and headers of an exhausted quota and its reset",
  "502-html": "responds with 502 and an HTML page",
  reset: "resets the connection before the response",
  close: "closes the connection before the response",
  stale: "responds, and closes the connection when it is reused",
  hang: "never responds",
  stall: "sends the headers but no body",
  truncate: "sends half of the body, then resets the connection",
  "truncate-chunked": "the same with a chunked body",
  "truncate-close": "the same with a body that ends with the connection",
  "truncate-json": "sends half of the body with a matching Content-Length",
  "truncate-gzip": "the same with half of a gzip body",
  "gzip-checksum": "sends a gzip body with a wrong checksum",
  "gzip-garbage": "sends a body that claims to be gzip but is not",
  html: "responds with 200 and an HTML page",
  empty: "responds with 200 and no body",
  error200: 'responds with 200 and {"error": …}',
  bom: "sends the body with a byte order mark",
  "bad-utf8": "sends the body with a byte that is not UTF-8",
  nan: "sends NaN instead of the first number",
  bigint: "sends 9007199254740993 instead of the first number",
  "duplicate-key": "sends the first key of the body twice",
  proto: "sends the first object with a key __proto__",
} as const;

/** Describes the grammar of faults, for the help of the command line. */
export function describeFaults(): string {
  const kinds = Object.entries(faultHelp).map(([kind, description]) => `  ${kind.padEnd(18)}${description}`);
  return [
    "",
    "Faults: <kind>[:<wait>][@<page>][*<times>], separated by commas",
    "  400 to 599        responds with this status; <wait> sets Retry-After: seconds,",
    "                    date, rfc850 or asctime",
    ...kinds,
    "  <page>            first, middle, last or an index from 0 (default: the faults",
    "                    rotate over all pages)",
    "  <times>           failed attempts per page (default: 1)",
  ].join("\n");
}

/** Parses a list of faults. Returns the first problem with the valid choices, if there is one. */
export function parseFaults(
  text: string,
): { readonly faults: readonly FaultSpec[] } | { readonly problem: string } {
  const entries = text.split(",").map((entry) => entry.trim());
  if (text.trim() === "") return { faults: [] };
  const faults = entries.map(parseFault);
  const problem = faults.find((fault) => "problem" in fault);
  return problem ?? { faults: faults.filter((fault) => "kind" in fault) };
}

const grammar = /^(?<kind>[^:@*]*)(?::(?<wait>[^@*]*))?(?:@(?<page>[^*]*))?(?:\*(?<times>.*))?$/;
const kinds = Object.keys(faultHelp);
const pageNames = ["first", "middle", "last"];
const dateForms = ["date", "rfc850", "asctime"];

function parseFault(text: string): FaultSpec | { readonly problem: string } {
  const { kind = "", wait, page, times } = grammar.exec(text)?.groups ?? {};
  const isStatus = /^[45]\d\d$/.test(kind);
  const reject = (reason: string): { readonly problem: string } => ({
    problem: `invalid fault "${text}": ${reason}`,
  });

  if (!isStatus && !kinds.includes(kind)) {
    const choices = `a status from 400 to 599 or one of ${kinds.join(", ")}`;
    return reject(`unknown kind ${quote(kind)}; expected ${choices}${didYouMean(kind, kinds)}`);
  }
  if (wait !== undefined && !isStatus) return reject(`${kind} does not accept a wait; only a status does`);
  if (wait !== undefined && !dateForms.includes(wait) && !isWhole(wait)) {
    return reject(`invalid wait "${wait}"; expected whole seconds or one of ${dateForms.join(", ")}`);
  }
  if (page !== undefined && !pageNames.includes(page) && !isWhole(page)) {
    return reject(`invalid page "${page}"; expected an index from 0 or one of ${pageNames.join(", ")}`);
  }
  if (times !== undefined && (!isWhole(times) || Number(times) === 0)) {
    return reject(`invalid number of times "${times}"; expected a whole number of at least 1`);
  }
  return {
    kind: (isStatus ? "status" : kind) as FaultKind,
    ...(isStatus && { status: Number(kind) }),
    ...retryAfterOf(kind, wait),
    ...(page !== undefined && {
      page: (isWhole(page) ? Number(page) : page) as NonNullable<FaultSpec["page"]>,
    }),
    times: Number(times ?? 1),
  };
}

function retryAfterOf(kind: string, wait: string | undefined): Pick<FaultSpec, "retryAfter"> {
  if (wait === undefined) return kind === "429" ? { retryAfter: 0 } : {};
  return { retryAfter: isWhole(wait) ? Number(wait) : (wait as HttpDateForm) };
}

function isWhole(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

/** Prints a fault in the form that `parseFaults` reads. */
export function printFault({ kind, status, retryAfter, page, times }: FaultSpec): string {
  const wait = retryAfter === undefined || (status === 429 && retryAfter === 0) ? "" : `:${retryAfter}`;
  const target = page === undefined ? "" : `@${page}`;
  return `${status ?? kind}${wait}${target}${times === 1 ? "" : `*${times}`}`;
}
