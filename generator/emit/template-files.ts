import { readFileSync } from "node:fs";
import Handlebars from "handlebars";

/** Creates handlebars without helpers and partials. */
export function createHandlebars(): typeof Handlebars {
  return Handlebars.create();
}

/** Compiles `templates/<name>.hbs`. The build replaces this file by one that contains the compiled templates. */
export function loadTemplate(handlebars: typeof Handlebars, name: string): Handlebars.TemplateDelegate {
  return handlebars.compile(
    read(`${name}.hbs`),
    JSON.parse(read("options.json")) as Parameters<typeof handlebars.compile>[1],
  );
}

function read(file: string): string {
  return readFileSync(new URL(`../../templates/${file}`, import.meta.url), "utf8");
}
