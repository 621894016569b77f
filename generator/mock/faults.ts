/**
 * What goes wrong in front of good answers, and the little language for it:
 *
 *     faults  =  fault *( "," fault )
 *     fault   =  kind [ ":" wait ] [ "@" place ] [ "*" times ]
 *     kind    =  400…599 | reset | close | hang | stall | truncate | truncate-json | html | empty | error200
 *     wait    =  seconds | date | rfc850 | asctime       Retry-After, for statuses only; `429` alone means `429:0`
 *     place   =  first | middle | last | page index, from 0
 *     times   =  attempts of the page that fail, 1 if left out
 *
 * Faults without a place are dealt out in turn: with `429,reset`, the first page of each resource answers 429 once,
 * the second is reset once, the third answers 429 once, and so on. Faults with a place hit that page only. A page
 * with several faults goes through them attempt by attempt; then it is good once, and the next reader starts over.
 */
export interface FaultSpec {
  readonly kind: FaultKind;
  /** For `status`. */
  readonly status?: number;
  /** For `status`: seconds, or the form of an HTTP date about a second ahead. */
  readonly retryAfter?: number | HttpDateForm;
  /** Left out, the fault is dealt out over all pages. */
  readonly place?: "first" | "middle" | "last" | number;
  readonly times: number;
}

/** What a fault does; `faultHelp` says it in words. */
export type FaultKind = "status" | keyof typeof faultHelp;

/** The forms of an HTTP date that recipients must accept (RFC 9110 §5.6.7). */
export type HttpDateForm = "date" | "rfc850" | "asctime";

/** The faults that are not a status, in words. */
export const faultHelp = {
  reset: "the connection is reset before any answer",
  close: "the connection is closed before any answer",
  hang: "no answer ever",
  stall: "headers, then nothing",
  truncate: "half of the body, then the connection is reset",
  "truncate-json": "half of the body, framed as if it were whole",
  html: "200 with a page of HTML",
  empty: "200 without a body",
  error200: '200 with {"error": …}',
} as const;

/** Parses a list of faults; reports the first that it does not understand, and what would do. */
export function parseFaults(
  text: string,
): { readonly faults: readonly FaultSpec[] } | { readonly problem: string } {
  const entries = text.split(",").map((entry) => entry.trim());
  if (text.trim() === "") return { faults: [] };
  const faults = entries.map(parseFault);
  const problem = faults.find((fault) => "problem" in fault);
  return problem ?? { faults: faults.filter((fault) => "kind" in fault) };
}

const grammar = /^(?<kind>[^:@*]*)(?::(?<wait>[^@*]*))?(?:@(?<place>[^*]*))?(?:\*(?<times>.*))?$/;
const kinds = Object.keys(faultHelp);
const places = ["first", "middle", "last"];
const dateForms = ["date", "rfc850", "asctime"];

function parseFault(text: string): FaultSpec | { readonly problem: string } {
  const { kind = "", wait, place, times } = grammar.exec(text)?.groups ?? {};
  const isStatus = /^[45]\d\d$/.test(kind);
  const refuse = (what: string): { readonly problem: string } => ({ problem: `fault "${text}": ${what}` });

  if (!isStatus && !kinds.includes(kind)) {
    return refuse(`"${kind}" is neither a status from 400 to 599 nor one of ${kinds.join(", ")}`);
  }
  if (wait !== undefined && !isStatus) return refuse(`only a status takes a wait, not ${kind}`);
  if (wait !== undefined && !dateForms.includes(wait) && !isWhole(wait)) {
    return refuse(`the wait "${wait}" is neither whole seconds nor one of ${dateForms.join(", ")}`);
  }
  if (place !== undefined && !places.includes(place) && !isWhole(place)) {
    return refuse(`the place "${place}" is neither a page index nor one of ${places.join(", ")}`);
  }
  if (times !== undefined && (!isWhole(times) || Number(times) === 0)) {
    return refuse(`the number of times "${times}" is not a whole number from 1 on`);
  }
  return {
    kind: (isStatus ? "status" : kind) as FaultKind,
    ...(isStatus && { status: Number(kind) }),
    ...retryAfterOf(kind, wait),
    ...(place !== undefined && {
      place: (isWhole(place) ? Number(place) : place) as NonNullable<FaultSpec["place"]>,
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

/** Prints a fault as `parseFaults` reads it. */
export function printFault({ kind, status, retryAfter, place, times }: FaultSpec): string {
  const wait = retryAfter === undefined || (status === 429 && retryAfter === 0) ? "" : `:${retryAfter}`;
  const at = place === undefined ? "" : `@${place}`;
  return `${status ?? kind}${wait}${at}${times === 1 ? "" : `*${times}`}`;
}
