import { createDocument, type Loaded, type SpecDocument, type SpecText } from "./document.js";
import { loadJson } from "./load-json.js";

/** Larger specs are refused: nothing is read that long by hand. */
const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * Reads the text of a spec: YAML by the extensions `.yaml` and `.yml`, otherwise JSON with comments.
 *
 * Whatever is wrong with the text stands in the document's diagnostics; nothing is thrown.
 */
export async function loadSpec(file: string, content: string): Promise<SpecDocument> {
  const text = content.startsWith("\ufeff") ? content.slice(1) : content;
  const source: SpecText = { file, text, format: formatOf(file, text) };
  return createDocument(source, await loadText(source));
}

async function loadText({ text, format }: SpecText): Promise<Loaded> {
  if (text.length > MAX_LENGTH) {
    const message = `the spec is ${text.length} characters long: at most ${MAX_LENGTH} are read`;
    return { problems: [{ code: "too-large", message, offset: 0, length: 1 }] };
  }
  if (format === "json") return loadJson(text);
  // The YAML parser is only paid for by those who write YAML.
  const { loadYaml } = await import("./load-yaml.js");
  return loadYaml(text);
}

function formatOf(file: string, text: string): SpecText["format"] {
  if (/\.ya?ml$/i.test(file)) return "yaml";
  // Standard input has no extension; a JSON spec begins with a brace or a comment, a YAML spec with a key.
  return file === "<stdin>" && /^\s*[A-Za-z#%-]/.test(text) ? "yaml" : "json";
}
