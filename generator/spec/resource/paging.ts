import type { Report } from "../load/document.js";
import { kindOf, onePage, readKindUse } from "../kinds.js";
import type { MergedResource } from "./merged-resource.js";
import { pageParamsOf } from "./page-params.js";
import { lastPlaceholder } from "./path.js";
import { toSelector } from "../selector/selector.js";
import type { KindUse, SpecSelector } from "../spec.js";
import { isObject, own, textOf } from "../values.js";
import { describe } from "../wording.js";

/** The selector of the records and the paginator. */
export interface Paging {
  /** Absent: found in the first response of each read. */
  readonly select?: SpecSelector;
  readonly paginator: KindUse;
}

/** The context for reading the paging. */
export interface PagingContext {
  readonly root: unknown;
  readonly report: Report;
  /** The client's. */
  readonly paginator: KindUse | undefined;
  readonly decode: KindUse | undefined;
}

/**
 * Reads the selector and the paginator: the endpoint's, else the client's paginator, else detection in the first response.
 *
 * A path that ends in a placeholder without a selector is read as one record on one page, unless the endpoint has a
 * paginator. With a selector, it is a list, and the client's paginator applies.
 */
export function readPaging(merged: MergedResource, context: PagingContext): Paging {
  const select = readSelect(merged) ?? (context.decode ? wholeBody : undefined);
  const chosen = readOwn(merged, context.report);
  const inherited = context.paginator;
  const single = lastPlaceholder(pathOf(merged));
  if (single !== undefined && !isPaged(single, merged, chosen ?? inherited)) {
    // A client that detects is the same as a client without a paginator.
    const hasInherited = inherited !== undefined && inherited.kind.type !== detectedType;
    const given = chosen ?? (select !== undefined && hasInherited ? inherited : undefined);
    if (select === undefined || given === undefined)
      warnSingle(merged, context, { single, select, paginator: given });
    return { select: select ?? wholeBody, paginator: given ?? onePage() };
  }
  const paginator = chosen ?? inherited;
  if (select === undefined) {
    warnMissing(merged, context, {
      key: "data_selector",
      message:
        'every read searches its first response for the records; "connector-gen detect" finds the selector once and writes it into the spec',
    });
  }
  if (paginator === undefined) {
    warnMissing(merged, context, {
      key: "paginator",
      message:
        'every read chooses one by its first response; "connector-gen detect" finds it once and writes it into the spec, "single_page" reads one page',
    });
  }
  return { ...(select !== undefined && { select }), paginator: paginator ?? detected() };
}

/** Whether the paginator fills a placeholder of the path. */
function isPaged(name: string, merged: MergedResource, paginator: KindUse | undefined): boolean {
  const param = own(own(own(merged.value, "endpoint"), "params"), name);
  return !isObject(param) && !!paginator && pageParamsOf(paginator).names.has(name);
}

/** The paginator that decides by the first response. */
const detectedType = "auto";

function detected(): KindUse {
  return { kind: kindOf("paginator", detectedType), options: {} };
}

function pathOf(merged: MergedResource): string {
  return textOf(own(own(merged.value, "endpoint"), "path")) ?? textOf(own(merged.value, "name")) ?? "";
}

/** `$`. */
const wholeBody: SpecSelector = { selector: [] };

function readSelect(merged: MergedResource): SpecSelector | undefined {
  const raw = own(own(merged.value, "endpoint"), "data_selector") ?? undefined;
  // As in dlt, empty text means that there is none.
  if (raw === undefined || raw === "") return undefined;
  // The grammar reports an invalid selector.
  return (typeof raw === "string" ? toSelector(raw) : undefined) ?? wholeBody;
}

/** Reads the paginator of the endpoint or of the defaults. */
function readOwn(merged: MergedResource, report: Report): KindUse | undefined {
  const raw = own(own(merged.value, "endpoint"), "paginator") ?? undefined;
  if (raw === undefined) return undefined;
  return readKindUse("paginator", raw, { path: merged.at("endpoint", "paginator"), report }) ?? onePage();
}

function warnSingle(
  { path }: MergedResource,
  { root, report }: PagingContext,
  {
    single,
    select,
    paginator,
  }: { single: string; select: SpecSelector | undefined; paginator: KindUse | undefined },
): void {
  const guesses = [
    ...(select === undefined ? ['"data_selector": "$"'] : []),
    ...(paginator === undefined ? ['"paginator": "single_page"'] : []),
  ].join(" and ");
  const what = select === undefined ? "the whole body is read as one record" : "only one page is read";
  const message = `${describe(root, path)} has a path that ends in {${single}}, so ${what}: add ${guesses} to confirm, or other values to change that`;
  const missing = select === undefined ? "data_selector" : "paginator";
  report({ severity: "warning", code: "single-entity", message, path: [...path, "name"], missing });
}

/** Warns about a key that a resource should have. */
export function warnMissing(
  { path }: MergedResource,
  { root, report }: { root: unknown; report: Report },
  { key, message }: { key: string; message: string },
): void {
  const code = `no-${key.replace("_", "-")}`;
  const text = `${describe(root, path)} has no ${key}: ${message}`;
  report({ severity: "warning", code, message: text, path: [...path, "name"], missing: key });
}
