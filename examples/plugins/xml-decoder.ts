import { XmlElement, XmlError, XmlText, parseXml } from "@rgrove/parse-xml";
import { fail, type Decoder } from "@connector-gen/runtime/plugin";

/** Options of the conversion from XML to JSON. */
export interface XmlOptions {
  /** Names of elements that always become lists, even if there is only one. */
  readonly lists?: readonly string[] | undefined;
}

/** Decodes XML: elements become objects, attributes become fields such as `@id`, and repeated elements become lists. */
export function xml(options: XmlOptions = {}): Decoder {
  return {
    type: "xml",
    options,
    accept: "application/xml, text/xml",
    start: () => {
      const pieces: string[] = [];
      return {
        push: (text) => void pieces.push(text),
        end: () => {
          const { root } = parse(pieces.join(""));
          return root ? { [root.name]: toJson(root, options.lists ?? []) } : {};
        },
      };
    },
  };
}

/**
 * Parses XML. Errors do not quote the body; they are retryable, because the cause may be truncated XML or the page of a
 * proxy.
 */
function parse(text: string): ReturnType<typeof parseXml> {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { line, column } = error;
    const message = `the body is not XML from line ${line}, column ${column}`;
    return fail("INVALID_BODY", message, { retryable: text.trimStart().startsWith("<") });
  }
}

function toJson({ attributes, children, text }: XmlElement, lists: readonly string[]): unknown {
  const elements = children.filter((child) => child instanceof XmlElement);
  const entries = Object.entries(attributes).map(([name, value]): [string, unknown] => [`@${name}`, value]);
  if (elements.length + entries.length === 0) return text;
  const fields = new Map<string, unknown>(entries);
  for (const element of elements) {
    const { name } = element;
    const value = toJson(element, lists);
    const known = fields.get(name);
    if (Array.isArray(known)) known.push(value);
    else if (fields.has(name)) fields.set(name, [known, value]);
    else fields.set(name, lists.includes(name) ? [value] : value);
  }
  const own = children.filter((child) => child instanceof XmlText).map((child) => child.text.trim());
  if (own.some(Boolean)) fields.set("#text", own.join(""));
  return Object.fromEntries(fields);
}
