import type { Report } from "../load/document.js";
import { findKind, onePage, readKindUse } from "../kinds.js";
import type { MergedResource } from "./origin.js";
import { lastPlaceholder } from "./path.js";
import { toSelector } from "../selector/selector.js";
import type { KindUse, SpecDecoder, SpecSelector } from "../spec.js";
import { own, textOf } from "../values.js";
import { describe } from "../wording.js";

/** Where records are, and how pages follow each other. */
export interface Paging {
  /** Absent: found in the first response of each read. */
  readonly select?: SpecSelector;
  readonly paginator: KindUse;
}

/** What paging is read with. */
export interface PagingContext {
  readonly root: unknown;
  readonly report: Report;
  /** The client's. */
  readonly paginator: KindUse | undefined;
  readonly decode: SpecDecoder | undefined;
}

/**
 * Reads selector and paginator: the endpoint's own, else the client's paginator, else what the first response shows.
 *
 * A path that ends in a placeholder and has no selector is taken to lead to one record, on one page unless the endpoint
 * itself says how its pages follow. With a selector it is a list like any other, and the client's paginator holds.
 */
export function readPaging(merged: MergedResource, context: PagingContext): Paging {
  const select = readSelect(merged) ?? (context.decode ? wholeBody : undefined);
  const chosen = readOwn(merged, context.report);
  const inherited = context.paginator;
  const single = lastPlaceholder(pathOf(merged));
  if (single !== undefined) {
    // A client that detects says as much as one that says nothing.
    const hasInherited = inherited !== undefined && inherited.kind.type !== DETECTED;
    const said = chosen ?? (select !== undefined && hasInherited ? inherited : undefined);
    if (select === undefined || said === undefined)
      warnSingle(merged, context, { single, select, paginator: said });
    return { select: select ?? wholeBody, paginator: said ?? onePage() };
  }
  const paginator = chosen ?? inherited;
  if (select === undefined) {
    warnMissing(merged, context, {
      key: "data_selector",
      message:
        'the records are looked for in the first response of every read; "connector-gen detect" finds them once and writes it down',
    });
  }
  if (paginator === undefined) {
    warnMissing(merged, context, {
      key: "paginator",
      message:
        'the first response of every read decides how pages follow; "connector-gen detect" finds out once and writes it down, "single_page" reads one page',
    });
  }
  return { ...(select !== undefined && { select }), paginator: paginator ?? detected() };
}

/** The word of the paginator that looks at the first response. */
const DETECTED = "auto";

function detected(): KindUse {
  const kind = findKind("paginator", DETECTED);
  if (!kind) throw new Error(`the runtime exports no kind ${DETECTED}`);
  return { kind, options: {} };
}

function pathOf(merged: MergedResource): string {
  return textOf(own(own(merged.value, "endpoint"), "path")) ?? textOf(own(merged.value, "name")) ?? "";
}

/** `$`. */
const wholeBody: SpecSelector = { selector: [] };

function readSelect(merged: MergedResource): SpecSelector | undefined {
  const raw = own(own(merged.value, "endpoint"), "data_selector") ?? undefined;
  // dlt takes an empty text for none.
  if (raw === undefined || raw === "") return undefined;
  // The grammar reports an invalid selector.
  return (typeof raw === "string" ? toSelector(raw) : undefined) ?? wholeBody;
}

/** The endpoint's own, or the defaults'. */
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
  const what = select === undefined ? "the whole body is taken for one record" : "one page is read";
  const message = `${describe(root, path)} has a path that ends in {${single}}, so ${what}: add ${guesses} if that is meant, else say what is`;
  const missing = select === undefined ? "data_selector" : "paginator";
  report({ severity: "warning", code: "single-entity", message, path: [...path, "name"], missing });
}

/** Warns of what a resource can do without, but rarely means to. */
export function warnMissing(
  { path }: MergedResource,
  { root, report }: { root: unknown; report: Report },
  { key, message }: { key: string; message: string },
): void {
  const code = `no-${key.replace("_", "-")}`;
  const text = `${describe(root, path)} has no ${key}: ${message}`;
  report({ severity: "warning", code, message: text, path: [...path, "name"], missing: key });
}
