import { kindsOf } from "../spec/kinds.js";
import { renderKinds, wordsOf } from "./kinds-page.js";
import { blocks, code, either, jsonBlock } from "./markdown.js";
import { printTranscript } from "./print-transcript.js";
import { recordPaginator } from "./record-paginator.js";

/** Renders `paginators.md`: every kind of paginator with its options, examples and requests. */
export async function renderPaginators(): Promise<string> {
  return blocks(
    "# Paginators",
    "A paginator determines how a client requests the pages of a resource. Set it as `paginator` of the endpoint, of `resource_defaults.endpoint` or of the client. The first of these that is set applies; `null` counts as not set.",
    jsonBlock({ paginator: { type: "page_number", base_page: 1, limit: 50 } }),
    `The type alone selects a kind with its default options: ${either(wordsOf("paginator").map((word) => code(JSON.stringify(word))))}. \`"single_page"\` and \`"none"\` turn paging off if the defaults or the client have a paginator. If no paginator is set, [\`auto\`](#auto) inspects the first response of every read; \`connector-gen validate\` warns about this.`,
    "A read ends as complete, with the reason in its last event, or with an error. In addition to the conditions below, the read option `maxPages` ends a read. Three guards end it with a `PageError`: a repeated request; a page with the same records as the previous page (by primary key; without one, on the fourth page in a row); and more than 100,000 pages.",
    renderParallel(),
    "Each kind is listed with its options and examples. An example shows the start of a read: `→` is a request, `←` is the response with the number of its records, `!` is a warning, and `■` is the reason for the end. These requests are recorded, and every test run records them again.",
    await renderKinds("paginator", async (example) => printTranscript(await recordPaginator(example))),
  );
}

/** Renders which kinds can request a page before the previous page is complete. */
function renderParallel(): string {
  const kinds = kindsOf("paginator").filter(({ deprecated, type }) => !deprecated && type !== "single_page");
  const parallel: string[] = [];
  const sequential: string[] = [];
  for (const { type, options } of kinds) (options["parallel"] ? parallel : sequential).push(code(type));
  return `With ${parallel.join(" and ")}, a client can request several pages at once if the spec names the total or has \`"parallel": true\`, see [Pages in parallel](clients.md#pages-in-parallel). With ${sequential.join(", ")}, it cannot: the request of each page depends on the previous page. There, \`readAhead\` requests one page ahead, and several sequences of pages are read in parallel: parents, partitions and windows.`;
}
