import { format } from "prettier";
import { renderAuth } from "./auth.js";
import { renderCommandLine, type PrintHelp } from "./command-line.js";
import { blocks, table } from "./markdown.js";
import { renderPaginators } from "./paginators.js";
import { renderSelectors } from "./selectors.js";
import { renderSpecPage } from "./spec-page.js";

/** The pages of the reference and what each is about. */
const PAGES: readonly (readonly [file: string, title: string, about: string])[] = [
  ["spec.md", "Spec", "every key of the spec language, and placeholders"],
  ["paginators.md", "Paginators", "how pages follow each other: every kind, with what it sends"],
  ["auth.md", "Auth", "how requests are authenticated: every scheme, with what it sends"],
  ["selectors.md", "Selectors", "where values are in JSON"],
  ["command-line.md", "Command line", "every command with its options"],
  [
    "deviations.md",
    "Deviations from dlt",
    "where a spec means something else than in dlt's `rest_api`, and why",
  ],
];

/** Renders the generated pages of `docs/reference/` by file name, as prettier formats them. */
export async function renderReference(printHelp: PrintHelp): Promise<ReadonlyMap<string, string>> {
  const pages: readonly (readonly [string, string])[] = [
    ["README.md", renderIndex()],
    ["spec.md", await renderSpecPage()],
    ["paginators.md", await renderPaginators()],
    ["auth.md", await renderAuth()],
    ["selectors.md", await renderSelectors()],
    ["command-line.md", await renderCommandLine(printHelp)],
  ];
  const formatted = pages.map(async ([file, text]) => [file, await formatPage(text)] as const);
  return new Map(await Promise.all(formatted));
}

function renderIndex(): string {
  return blocks(
    "# Reference",
    "The spec language and the commands, generated from what the generator itself goes by: the grammar, the kinds in the runtime, the commands' help. Examples are parsed, and where requests are shown, they were made. `npm test` compares these pages with what would be generated; `UPDATE=1 npx vitest run test/docs` writes them anew. Only [Deviations](deviations.md) is written by hand.",
    table(
      ["Page", "About"],
      PAGES.map(([file, title, about]) => [`[${title}](${file})`, about]),
    ),
  );
}

/** The prose is broken at the width of the repository's other pages. */
function formatPage(text: string): Promise<string> {
  return format(text, { parser: "markdown", printWidth: 110, proseWrap: "always" });
}
