import { isObject, listOf, parseJson } from "../spec/values.js";

/**
 * Joins the code cells of a Jupyter notebook to one source, as `jupyter nbconvert --to script` does: every cell follows
 * a comment with its number. IPython commands become comments. Returns `undefined` for other content.
 */
export function readNotebook(content: string): string | undefined {
  const notebook = parseJson(content);
  if (!isObject(notebook) || !Array.isArray(notebook["cells"])) return undefined;
  const code = listOf(notebook["cells"]).filter((cell) => isObject(cell) && cell["cell_type"] === "code");
  return code.map((cell, index) => `# In[${index + 1}]:\n${withoutCommands(sourceOf(cell))}\n`).join("\n");
}

function sourceOf(cell: unknown): string {
  const source = isObject(cell) ? cell["source"] : undefined;
  return typeof source === "string" ? source : listOf(source).join("");
}

/** Cell commands whose cells contain Python. */
const pythonCells = /^%%(?:time|timeit|capture|prun|python3?)\b/;

function withoutCommands(source: string): string {
  const isForeign = source.startsWith("%%") && !pythonCells.test(source);
  return source
    .split("\n")
    .map((line) => (isForeign || /^\s*(?:[%!]|\?)|^\s*[\w.]+\?+\s*$/.test(line) ? `# ${line.trim()}` : line))
    .join("\n");
}
