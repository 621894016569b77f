import { checkTemplate, parseTemplate, type TextProblem } from "../template/placeholders.js";
import { quote } from "../wording.js";

const exampleUrl = '"https://api.example.com"';

/** Checks that paths can be appended to a base URL: it is absolute, uses http or https, and contains no credentials or fragment. */
export function checkBaseUrl(text: string): readonly TextProblem[] {
  const [, name] = /[?&]([^=&#?]*)=\{secrets\./.exec(text) ?? [];
  if (name !== undefined) {
    const message = `base_url contains a secret in its query: write "auth": { "type": "api_key", "name": ${quote(name)}, "location": "query" }`;
    return [{ code: "bad-url", message }];
  }
  const placeholders = checkTemplate(text, ["config"]);
  if (placeholders.length > 0) return placeholders;
  const problem = checkUrl(fillIn(text), text);
  return problem === undefined ? [] : [{ code: "bad-url", message: `base_url ${problem}` }];
}

function checkUrl(url: string, template: string): string | undefined {
  if (url === "") return `is empty: write an absolute URL such as ${exampleUrl}`;
  if (/\s/.test(url)) return "contains a space";
  if (!/^https?:\/\//i.test(url)) return `must be an absolute http(s) URL such as ${exampleUrl}`;
  if (!URL.canParse(url)) return "is an invalid URL";
  const { username, password } = new URL(url);
  if (username || password) return "contains credentials: move them to auth";
  if (template.includes("#")) return "has a fragment, which is never sent";
  return undefined;
}

/** Replaces every placeholder by a value that is valid in a host, a port and a path. */
function fillIn(text: string): string {
  const filled = parseTemplate(text)
    .parts.map((part) => (part.kind === "text" ? part.text : "1"))
    .join("");
  if (!text.startsWith("{")) return filled;
  // A leading placeholder may hold the scheme, or the whole URL up to the path.
  return filled.startsWith("1://") ? `https${filled.slice(1)}` : `https://${filled}`;
}
