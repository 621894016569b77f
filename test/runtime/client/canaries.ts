import { inspect } from "node:util";

/** A secret of the tests in a form that some encoding changes. Its core appears nowhere else. */
export interface Canary {
  readonly name: string;
  readonly secret: string;
}

const core = "Qz7mK2vXc9Wd4Rt8";
const pem = `-----BEGIN PRIVATE KEY-----\n${core.repeat(4)}\n${core.repeat(4)}\n-----END PRIVATE KEY-----\n`;

/** The forms that a secret may have. Those with other characters than Latin-1 cannot be headers. */
export const canaries: readonly (Canary & { readonly isHeader: boolean })[] = [
  { name: "plain", secret: core, isHeader: true },
  { name: "with a line break at its end", secret: `${core}\n`, isHeader: false },
  { name: "with control characters", secret: `${core}\x1b\x07${core}\tx`, isHeader: false },
  { name: "a PEM key", secret: pem, isHeader: false },
  { name: "with quotes and backslashes", secret: `${core}"x\\y'${core}\\n`, isHeader: true },
  { name: "with emoji", secret: `${core}🔑ключ${core}`, isHeader: false },
  { name: "of 12 kB", secret: core.repeat(768), isHeader: true },
  { name: "of one character, 12,000 times", secret: "q".repeat(12_000), isHeader: true },
  { name: "with characters of URLs", secret: `${core}+/=%&?#%41+${core}==`, isHeader: true },
  { name: "with markup", secret: `${core}<&amp;>${core}`, isHeader: true },
];

/** The spellings of a secret by servers and libraries. */
export const spellings: Readonly<Record<string, (secret: string) => string>> = {
  raw: (text) => text,
  percent: (text) => encodeURIComponent(text),
  "percent twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ k: text }).toString().slice(2),
  json: (text) => JSON.stringify(text),
  "json twice": (text) => JSON.stringify(JSON.stringify(text)),
  "json in a query": (text) => encodeURIComponent(JSON.stringify({ key: text })),
  "unicode escapes": (text) =>
    Array.from({ length: text.length }, (_, i) => `\\u${hex(text.charCodeAt(i), 4)}`).join(""),
  "hex escapes": (text) => text.replace(/[\0-\x7f]/g, (each) => `\\x${hex(each.charCodeAt(0), 2)}`),
  html: (text) => text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`),
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 without padding": (text) => Buffer.from(text).toString("base64").replace(/=+$/, ""),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 at offset 1": (text) => Buffer.from(`u${text}`).toString("base64"),
  "base64 at offset 2": (text) => Buffer.from(`u:${text}@x`).toString("base64"),
  "base64 of user:password": (text) => Buffer.from(`user:${text}`).toString("base64"),
  "base64, percent-encoded": (text) => encodeURIComponent(Buffer.from(text).toString("base64")),
};

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, "0");
}

/**
 * Finds canaries of which a text contains sixteen characters, in any spelling. Uses its own decoding, so a mistake of the
 * redactor is not repeated here.
 */
export function leaks(text: string, secrets: readonly string[]): readonly string[] {
  const views = [text];
  for (let n = 0; n < 4; n++) views.push(unescape(views.at(-1) ?? ""));
  const words = views.flatMap((view) => view.match(/[\w+/-]{16,}/g) ?? []);
  const decoded = words.flatMap((word) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(word.slice(skip), "base64").toString("latin1")),
  );
  const all = [...views, ...decoded].join("\n");
  return secrets
    .flatMap((secret) => [secret.trim().slice(0, 16), secret.trim().slice(-16)])
    .filter((part) => all.includes(part) || all.includes(Buffer.from(part).toString("latin1")));
}

const controls: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
]);

function unescape(text: string): string {
  return text
    .replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString())
    .replace(/\\u([\da-f]{4})|\\x([\da-f]{2})/gi, (_, u = "", x = String(u)) =>
      String.fromCharCode(parseInt(String(x || u), 16)),
    )
    .replace(/\\(.)/g, (_, letter: string) => controls.get(letter) ?? letter)
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll("&amp;", "&");
}

/** Returns all text of a value. */
export function shown(value: unknown): string {
  const { stack, message, cause } = Object(value) as Partial<Record<"stack" | "message" | "cause", unknown>>;
  return [
    inspect(value, { depth: 10, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
    JSON.stringify(value),
    String(value),
    String(stack),
    String(message),
    String(cause),
  ].join("\n");
}
