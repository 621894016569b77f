import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import Handlebars from "handlebars";

type Compiled = Parameters<typeof Handlebars.template>[0];

/**
 * The compiled templates by name. Each module has its own helpers, but the templates are compiled once, because compiling
 * takes longer than rendering.
 */
const compiled = new Map<string, Compiled>();

/** Creates handlebars without helpers and partials. */
export function createHandlebars(): typeof Handlebars {
  return Handlebars.create();
}

/** Loads `templates/<name>.hbs`. The build replaces this file by one that contains the compiled templates. */
export function loadTemplate(handlebars: typeof Handlebars, name: string): Handlebars.TemplateDelegate {
  const template = compiled.get(name) ?? compile(name);
  compiled.set(name, template);
  return handlebars.template(template);
}

function compile(name: string): Compiled {
  const options = JSON.parse(read("options.json")) as Parameters<typeof Handlebars.precompile>[1];
  // The declared type is wrong: `precompile` returns a string.
  const code = Handlebars.precompile(read(`${name}.hbs`), options) as unknown as string;
  return runInThisContext(`(${code})`) as Compiled;
}

function read(file: string): string {
  return readFileSync(new URL(`../../templates/${file}`, import.meta.url), "utf8");
}
