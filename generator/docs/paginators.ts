import { renderKinds, wordsOf } from "./kinds-page.js";
import { blocks, code, either, jsonBlock } from "./markdown.js";
import { playPaginator } from "./play-paginator.js";
import { printPlay } from "./print-play.js";

/** `paginators.md`: every kind of paginator with its options and examples, and what these send. */
export async function renderPaginators(): Promise<string> {
  return blocks(
    "# Paginators",
    "A paginator says how the pages of a resource follow each other. It is the value of `paginator`, in one of three places: the endpoint, `resource_defaults.endpoint` or the client. The first of them that says something counts; `null` says nothing.",
    jsonBlock({ paginator: { type: "page_number", base_page: 1, limit: 50 } }),
    `A word alone stands for a kind with its default options: ${either(wordsOf("paginator").map((word) => code(JSON.stringify(word))))}. \`"single_page"\` and \`"none"\` switch paging off where the defaults or the client have a paginator. Where nobody says anything, [\`auto\`](#auto) looks at the first response of every read; \`connector-gen validate\` warns of that.`,
    "A read ends as complete, with the reason in its last event, or with an error. Besides the conditions below, `maxPages` of a read's options ends it, and three guards do so with a `PageError`: a request that was made before; the same records on the page after (by their primary key; without one, on the fourth page in a row); more than 100,000 pages.",
    "Under each kind stand its options and examples, each with the beginning of a read: `→` is what the client sends, `←` what the API answers, records counted instead of shown, `!` a warning, and `■` the reason for the end. These lines are recorded, not written: every test run plays the examples again.",
    await renderKinds("paginator", async (example) => printPlay(await playPaginator(example))),
  );
}
