/**
 * A fault to inject before a successful response. The grammar of a list of faults:
 *
 *     faults  =  fault *( "," fault )
 *     fault   =  kind [ ":" wait ] [ "@" page ] [ "*" times ]
 *     kind    =  400…599 | reset | close | hang | stall | truncate | truncate-json | html | empty | error200
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

/** Descriptions of all faults other than a status. */
export const faultHelp = {
  reset: "resets the connection before the response",
  close: "closes the connection before the response",
  hang: "never responds",
  stall: "sends the headers but no body",
  truncate: "sends half of the body, then resets the connection",
  "truncate-json": "sends half of the body with a matching Content-Length",
  html: "responds with 200 and an HTML page",
  empty: "responds with 200 and no body",
  error200: 'responds with 200 and {"error": …}',
} as const;

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
    return reject(`unknown kind "${kind}"; expected a status from 400 to 599 or one of ${kinds.join(", ")}`);
  }
  if (wait !== undefined && !isStatus) return reject(`${kind} accepts no wait; only a status does`);
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
