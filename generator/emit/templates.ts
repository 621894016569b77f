import { printComment } from "./comment.js";
import type { Imports } from "./imports.js";
import { createHandlebars, loadTemplate } from "./template-files.js";

/** The argument of `{{comment}}`: a text, a text with a deprecation, or nothing. */
type Docs = string | { readonly text: string; readonly deprecated: true };

/** Renders one template of `templates/`. Its partials are in the same folder. */
export type RenderTemplate = (template: string, view: unknown) => string;

/**
 * Creates the templates of a module. Their only logic is `each` and `if`, and their views contain finished strings. A
 * missing property is an error, except in the condition of an `if`.
 *
 * `{{use "x"}}` prints a name and imports it; `{{comment docs}}` prints a documentation comment.
 */
export function createTemplates(imports: {
  readonly runtime: Imports;
  readonly zod: Imports;
  readonly module: Imports;
}): RenderTemplate {
  const handlebars = createHandlebars();
  handlebars.registerHelper({
    use: imports.runtime.use,
    useType: imports.runtime.useType,
    useZod: imports.zod.use,
    useRecord: imports.module.useType,
    comment: (docs?: Docs) => comment(docs ?? ""),
  });
  for (const partial of ["resource", "declaration"])
    handlebars.registerPartial(partial, loadTemplate(handlebars, partial));
  return (template, view) => loadTemplate(handlebars, template)(view);
}

function comment(docs: Docs): string {
  if (typeof docs === "string") return printComment(docs);
  const text = printComment(docs.text);
  if (!text) return "/** @deprecated */";
  const lines = text.startsWith("/** ") ? [` * ${text.slice(4, -3)}`] : text.split("\n").slice(1, -1);
  return ["/**", ...lines, " *", " * @deprecated", " */"].join("\n");
}
