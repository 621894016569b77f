/** Finds the value of a placeholder, e.g. of `secrets.api_key`. */
export type Lookup = (name: string) => Promise<string>;

/** Puts values in place of `{name}`; `{{` and `}}` stand for braces. */
export async function expand(template: string, lookup: Lookup): Promise<string> {
  if (!/[{}]/.test(template)) return template;
  let text = "";
  let end = 0;
  for (const match of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)) {
    const [found, name] = match;
    text += template.slice(end, match.index) + (name === undefined ? found.slice(1) : await lookup(name));
    end = match.index + found.length;
  }
  return text + template.slice(end);
}
