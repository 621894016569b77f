import { createDocument, type Loaded, type Span, type SpecDocument, type SpecSource } from "./document.js";
import { sizeLimits } from "./limits.js";
import { loadJson } from "./load-json.js";

/**
 * Reads the text of a spec: YAML by the extensions `.yaml` and `.yml`, otherwise JSON with comments.
 *
 * Never throws for bad input: the diagnostics of the document contain every problem of the text.
 */
export async function loadSpec(file: string, content: string): Promise<SpecDocument> {
  const text = content.startsWith("\ufeff") ? content.slice(1) : content;
  const source: SpecSource = { file, text, format: formatOf(file, text) };
  return createDocument(source, await loadText(source));
}

async function loadText({ text, format }: SpecSource): Promise<Loaded> {
  const { length } = sizeLimits[format];
  if (text.length > length) {
    const message = `the spec is ${text.length} characters long; the limit is ${length}`;
    return { problems: [{ code: "too-large", message, offset: 0, length: 1 }] };
  }
  if (text.trim() === "") {
    const message = 'the spec is empty: "connector-gen init NAME" writes a first spec';
    return { problems: [{ code: "syntax-error", message, offset: 0, length: 1 }] };
  }
  const marker = findConflict(text);
  if (marker) {
    const message = "the spec has a merge conflict: choose one of its sides, and delete the markers";
    return { problems: [{ code: "syntax-error", message, ...marker }] };
  }
  if (format === "json") return loadJson(text);
  // JSON specs do not load the YAML parser.
  const { loadYaml } = await import("./load-yaml.js");
  return loadYaml(text);
}

/** Returns the first marker of a merge conflict of git. */
function findConflict(text: string): Span | undefined {
  const start = /^<{7}(?: .*)?$/m.exec(text);
  if (!start) return undefined;
  const rest = text.slice(start.index);
  const isComplete = /^={7}$/m.test(rest) && /^>{7}(?: .*)?$/m.test(rest);
  return isComplete ? { offset: start.index, length: start[0].length } : undefined;
}

function formatOf(file: string, text: string): SpecSource["format"] {
  if (/\.ya?ml$/i.test(file)) return "yaml";
  // Standard input has no extension. A JSON spec starts with a brace or a comment, a YAML spec with a key.
  return file === "<stdin>" && /^\s*[A-Za-z#%-]/.test(text) ? "yaml" : "json";
}
