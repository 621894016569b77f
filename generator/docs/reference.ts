import { format } from "prettier";
import { renderAuth } from "./auth.js";
import { renderCommandLine, type PrintHelp } from "./command-line.js";
import { renderDecoders } from "./decoders.js";
import { blocks, table } from "./markdown.js";
import { renderPaginators } from "./paginators.js";
import { renderSelectors } from "./selectors.js";
import { renderSpecPage } from "./spec-page.js";

/** The pages of the reference and their contents. */
const tableOfContents: readonly (readonly [file: string, title: string, about: string])[] = [
  ["spec.md", "Spec", "Every key of the spec language, and placeholders"],
  ["schemas.md", "Schemas", "The types and validators that schemas become, and their names"],
  ["paginators.md", "Paginators", "Every kind of paginator with its options and requests"],
  ["auth.md", "Auth", "Every auth scheme with its options and requests"],
  ["decoders.md", "Decoders", "Every decoder with its options and a body that it reads"],
  ["selectors.md", "Selectors", "How to locate values in JSON"],
  ["command-line.md", "Command line", "Every command with its options"],
  ["clients.md", "Clients", "Streams, every option, secrets, trusted origins, concurrency and rate limits"],
  ["events.md", "Events", "Every event, logging, and spans for OpenTelemetry"],
  ["errors.md", "Errors", "Every error class and code, with causes and fixes"],
  ["checkpoints.md", "Checkpoints", "Storing and resuming, incremental reads, and edits of the spec"],
  ["network.md", "Network", "Transports, proxies, certificates and tests"],
  ["size.md", "Size", "What each feature adds to the bundle of an app"],
  ["../recipes/README.md", "Recipes", "Tested specs for public APIs"],
  ["../plugins.md", "Plug-ins", "How to replace a part of a client, with examples"],
  ["deviations.md", "Deviations from dlt", "Differences from dlt's `rest_api`"],
];

/** Renders the generated pages of `docs/reference/` by file name, formatted by prettier. */
export async function renderReference(printHelp: PrintHelp): Promise<ReadonlyMap<string, string>> {
  const pages: readonly (readonly [string, string])[] = [
    ["README.md", renderIndex()],
    ["spec.md", await renderSpecPage()],
    ["paginators.md", await renderPaginators()],
    ["auth.md", await renderAuth()],
    ["decoders.md", await renderDecoders()],
    ["selectors.md", await renderSelectors()],
    ["command-line.md", await renderCommandLine(printHelp)],
  ];
  const formatted = pages.map(async ([file, text]) => [file, await formatPage(text)] as const);
  return new Map(await Promise.all(formatted));
}

function renderIndex(): string {
  return blocks(
    "# Reference",
    "This reference documents the spec language, the commands and the runtime.",
    "The pages about specs and commands are generated from the grammar, the kinds in the runtime, and the help of the commands. All examples are parsed, and all requests in examples are recorded. `npm test` checks that these pages are up to date; `UPDATE=1 npx vitest run test/docs` regenerates them.",
    "The pages about the runtime are written by hand. Tests compare them with its types and compile their code. [Deviations](deviations.md) is generated from the recorded vectors of dlt.",
    table(
      ["Page", "Contents"],
      tableOfContents.map(([file, title, about]) => [`[${title}](${file})`, about]),
    ),
  );
}

/** Formats a page and wraps its prose at the width of the repository's other pages. */
export function formatPage(text: string): Promise<string> {
  return format(text, { parser: "markdown", printWidth: 110, proseWrap: "always" });
}
