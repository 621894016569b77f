import type { ConfigSite } from "./find.js";

/** Names that say nothing about the source. */
const VAGUE =
  /^(?:my|the|rest|api|rest_?api|source|src|config|cfg|conf|settings|data|resources?|result|pipeline|load|run|main|get|dlt|test|example|x)?$/i;

/** Names each configuration, all of them differently: after its own names, else after its file. */
export function nameConfigs(sites: readonly ConfigSite[], file: string): readonly string[] {
  const taken = new Set<string>();
  return sites.map(({ names }) => {
    const base = names.map(simplify).find((name) => !VAGUE.test(name)) ?? nameOfFile(file);
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** `get_github_source` as `github`. */
function simplify(name: string): string {
  const words = name.replace(/^_+/, "").replace(/^(?:get|make|build|create|load)_/i, "");
  return toFileName(words.replace(/_?(?:rest_?api_?)?(?:source|src|config|cfg|resources)$/i, ""));
}

function nameOfFile(file: string): string {
  if (file === "<stdin>") return "rest_api";
  const base = file.split(/[/\\]/).at(-1) ?? file;
  return toFileName(base.replace(/\.\w+$/, "")) || "rest_api";
}

/** What a spec may be called: it names files. */
function toFileName(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{M}\p{N} ._-]+/gu, "-")
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .slice(0, 100);
}
