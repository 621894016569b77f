import { checkTemplate, parseTemplate, type TextProblem } from "../template/placeholders.js";
import { quote } from "../wording.js";

const EXAMPLE = '"https://api.example.com"';

/** Checks that a base URL is one that paths can be appended to: absolute, http(s), without credentials. */
export function checkBaseUrl(text: string): readonly TextProblem[] {
  const [, name] = /[?&]([^=&#?]*)=\{secrets\./.exec(text) ?? [];
  if (name !== undefined) {
    const message = `base_url holds a secret in its query: write "auth": { "type": "api_key", "name": ${quote(name)}, "location": "query" }`;
    return [{ code: "bad-url", message }];
  }
  const placeholders = checkTemplate(text, ["config"]);
  if (placeholders.length > 0) return placeholders;
  const problem = checkUrl(fillIn(text), text);
  return problem === undefined ? [] : [{ code: "bad-url", message: `base_url ${problem}` }];
}

function checkUrl(url: string, template: string): string | undefined {
  if (url === "") return `is empty: write an absolute URL such as ${EXAMPLE}`;
  if (/\s/.test(url)) return "has a space in it";
  if (!/^https?:\/\//i.test(url)) return `is no absolute http(s) URL such as ${EXAMPLE}`;
  if (!URL.canParse(url)) return "is no valid URL";
  const { username, password } = new URL(url);
  if (username || password) return "holds credentials: they belong in auth";
  if (template.includes("#")) return "has a fragment, which is never sent";
  return undefined;
}

/** Puts a value into every placeholder that is valid in a host, a port and a path. */
function fillIn(text: string): string {
  const filled = parseTemplate(text)
    .parts.map((part) => (part.kind === "text" ? part.text : "1"))
    .join("");
  if (!text.startsWith("{")) return filled;
  // A placeholder in front may hold the scheme, or all of the URL up to the path.
  return filled.startsWith("1://") ? `https${filled.slice(1)}` : `https://${filled}`;
}
