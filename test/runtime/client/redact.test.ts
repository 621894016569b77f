import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { addHeaders, createRedactor, redacted, type Redactor } from "../../../runtime/src/client/redact.js";
import { cpuTimeOf } from "../../support/cpu-time.js";
import { canaries, leaks, spellings } from "./canaries.js";

function redactorOf(...secrets: readonly string[]): Redactor {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret, { isGiven: true });
  return redactor;
}

const cells = canaries.flatMap(({ name, secret }) =>
  Object.entries(spellings).map(([spelling, write]) => ({ name, secret, spelling, write })),
);

describe("a secret in an encoding of its own left for another host", () => {
  it.each(cells)("$name, $spelling", ({ secret, write }) => {
    const { clean, isSecret } = redactorOf(secret);
    const text = `{"before": 1, "key": "${write(secret)}", "after": 2}`;
    expect(isSecret(text)).toBe(true);
    const cleaned = clean(text);
    expect(leaks(cleaned, [secret])).toEqual([]);
    expect(cleaned).toContain(redacted);
    expect(cleaned.startsWith('{"before": 1, "key": "')).toBe(true);
    expect(cleaned.endsWith('", "after": 2}')).toBe(true);
  });

  it.each(cells)("$name, $spelling, cut in the middle", ({ secret, write }) => {
    const text = `key=${write(secret)}`;
    const { clean } = redactorOf(secret);
    // Only parts of at least sixteen characters from the beginning of the secret must be found.
    for (const part of [0.5, 0.8, 0.97]) {
      const cut = clean(text.slice(0, Math.max(60, Math.floor(text.length * part))));
      expect(leaks(cut, [secret])).toEqual([]);
    }
  });
});

describe("more secrets than the first sixteen", () => {
  it.each([17, 30, 500])("are looked for: %i at once", (count) => {
    const secrets = Array.from({ length: count }, () => randomBytes(24).toString("base64"));
    const { clean, isSecret } = redactorOf(...secrets);
    for (const secret of secrets) expect(isSecret(encodeURIComponent(secret))).toBe(true);
    expect(clean(secrets.join(" "))).toBe(secrets.map(() => redacted).join(" "));
  });

  it("given by the user are never dropped, even after many tokens", () => {
    const redactor = redactorOf("the-given-secret");
    for (let n = 0; n < 600; n++) redactor.add(`token-number-${n}-of-many`);
    expect(redactor.isSecret("the-given-secret")).toBe(true);
    expect(redactor.isSecret("token-number-599-of-many")).toBe(true);
    expect(redactor.isSecret("token-number-500-of-many")).toBe(true);
    expect(redactor.isSecret("token-number-1-of-many")).toBe(false);
  });

  it("used repeatedly are not dropped either, and names do not displace each other", () => {
    const redactor = createRedactor();
    redactor.add("rarely-used-secret", { name: "secrets.rare" });
    for (let n = 0; n < 600; n++) {
      redactor.add(`token-number-${n}-of-many`, { name: "secrets.token" });
      redactor.add("current-refresh-token", { name: "secrets.token" });
    }
    expect(redactor.isSecret("rarely-used-secret current-refresh-token")).toBe(true);
    expect(redactor.nameOf("current-refresh-token")).toBe("secrets.token");
    expect(redactor.nameOf("token-number-1-of-many")).toBeUndefined();
  });
});

describe("secrets that are parts of each other", () => {
  it.each([
    { secrets: ["s3cret-2", "s3cret-22"], text: "a s3cret-22 b", want: `a ${redacted} b` },
    { secrets: ["abcdefgh", "efghijkl"], text: "-abcdefghijkl-", want: `-${redacted}-` },
    { secrets: ["abcdefgh", "abcdefgh-0123"], text: "abcdefgh-0124", want: `${redacted}-0124` },
    { secrets: ["abababababab"], text: "-abababababab\\n", want: `-${redacted}\\n` },
    { secrets: ["abcdefghabcdefgh"], text: "-abcdefghabcdefghabcdefgh-", want: `-${redacted}-` },
    { secrets: ["aaaaaaaaaaaa"], text: `-${"a".repeat(40)}-`, want: `-${redacted}-` },
  ])("$secrets in $text", ({ secrets, text, want }) => {
    expect(redactorOf(...secrets).clean(text)).toBe(want);
    expect(redactorOf(...[...secrets].reverse()).clean(text)).toBe(want);
  });
});

describe("a text that was cut", () => {
  it.each([
    ["key=s3cret-of", `key=${redacted}`],
    ["key=s3cret-of%2", `key=${redacted}`],
    ["key=s3cret%2Dof\\u00", `key=${redacted}`],
    ["key=s3cret-of\ufffd", `key=${redacted}`],
    ["dTpzM2NyZXQtb2Y", `dT${redacted}`],
    ["key=s3cret-", "key=s3cret-"],
    ["key=s3cret-of, then", "key=s3cret-of, then"],
  ])("loses the beginning of a secret at its end: %s", (text, want) => {
    const { clean, isSecret } = redactorOf("s3cret-of-mine");
    expect(clean(text)).toBe(want);
    expect(isSecret(text)).toBe(false);
  });
});

it.each(["Nabcdefgh/1", "Uabcdefgh/1", "Xabcdefgh/1"])(
  "a secret behind a backslash is found: %s",
  (secret) => {
    const { clean, isSecret } = redactorOf(secret);
    const text = `\\${encodeURIComponent(secret)}`;
    expect(isSecret(text)).toBe(true);
    expect(leaks(clean(text), [secret])).toEqual([]);
  },
);

describe("texts that contain no secret", () => {
  const { clean, isSecret } = redactorOf("s3cret-of-mine", "orders", ...canaries.map(({ secret }) => secret));
  it.each([
    "",
    "plain text",
    "%",
    "%zz %4",
    "\\",
    "a\\",
    "\\u12",
    "\\ud83d",
    "&",
    "&#;&#x110000;&bogus;",
    "größe 🔑",
    "the orders of today",
    "s3cret-of-yours",
    "\ufeffmark",
  ])("stay as they are: %j", (text) => {
    expect(clean(text)).toBe(text);
    expect(isSecret(text)).toBe(false);
  });

  it.each([
    ["key=orders", `key=${redacted}`],
    ['{"table":"orders"}', `{"table":"${redacted}"}`],
    ["orders", redacted],
    ["a=1&k=orders&b=2", `a=1&k=${redacted}&b=2`],
  ])("lose a short secret only where it is a whole value: %s", (text, want) => {
    expect(clean(text)).toBe(want);
  });
});

/** Returns the smaller CPU time of two runs, in milliseconds. The first one also compiles the code. */
const leastCpuTimeOf = (run: () => void): number => Math.min(cpuTimeOf(run), cpuTimeOf(run));

describe("a large secret", () => {
  it("of 12 kB does not overflow the stack", () => {
    for (const secret of ["x".repeat(12_000), randomBytes(9000).toString("base64"), "%41".repeat(100_000)]) {
      const { clean } = redactorOf(secret);
      expect(clean(`a ${secret} b`)).toBe(`a ${redacted} b`);
    }
  });

  it("costs time in proportion to the number of secrets", () => {
    const adding = (count: number): number =>
      cpuTimeOf(() => void redactorOf(...Array.from({ length: count }, (_, at) => `secret-value-${at}`)));
    adding(200);
    // Ten times as many took a hundred times as long when each secret built the index again.
    expect(adding(2000)).toBeLessThan(40 * adding(200));
  });

  it("costs time in proportion to the text: twenty of 12 kB in 1 MB", () => {
    const secrets = Array.from({ length: 20 }, () => randomBytes(9000).toString("base64"));
    const { clean } = redactorOf(...secrets);
    const words = "the quick brown fox jumps over 12 lazy dogs; ".repeat(850);
    const text = secrets.map((secret) => words + secret).join("");
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(clean(text)).toBe(secrets.map(() => words + redacted).join(""));
    const once = leastCpuTimeOf(() => void clean(text));
    expect(leastCpuTimeOf(() => void clean(text + text))).toBeLessThan(once * 4 + 10);
  });

  it("that repeats itself costs no more in a text that does the same", () => {
    const { clean } = redactorOf(`${"a".repeat(12_000)}b`, "a".repeat(12_000));
    const text = "a".repeat(1_000_000);
    expect(leastCpuTimeOf(() => void clean(text))).toBeLessThan(500);
    expect(clean(text)).toBe(redacted);
  });

  it("that is fresh for every request does not block it", () => {
    const redactor = createRedactor();
    const url = "https://api.example.com/v1/rows?page=1&limit=100";
    const time = leastCpuTimeOf(() => {
      for (let n = 0; n < 50; n++) {
        redactor.add(randomBytes(1500).toString("base64"));
        expect(redactor.clean(url)).toBe(url);
      }
    });
    // A separate search for every token would take seconds.
    expect(time).toBeLessThan(500);
  });
});

describe("the headers of options", () => {
  it.each([
    {
      header: "Authorization",
      value: "Bearer abcdefghijkl",
      hidden: ["abcdefghijkl", "Bearer abcdefghijkl"],
    },
    { header: "Cookie", value: "theme=dark; sid=abcdefghijkl", hidden: ["abcdefghijkl"] },
    { header: "X-Api-Key", value: "abcdefghijkl", hidden: ["abcdefghijkl"] },
    { header: "X-Custom", value: "a1b2c3d4e5f6g7h8i9", hidden: ["a1b2c3d4e5f6g7h8i9"] },
  ])("are secrets: $header", ({ header, value, hidden }) => {
    const redactor = createRedactor();
    addHeaders(redactor, { [header]: value });
    for (const text of hidden) {
      expect(redactor.clean(`echo ${text}!`)).toBe(`echo ${redacted}!`);
      expect(redactor.isSecret(encodeURIComponent(text))).toBe(true);
    }
  });

  it("that name a tenant are hidden in texts, but may be part of a link", () => {
    const redactor = createRedactor();
    addHeaders(redactor, { "X-Tenant": "acme-corp" });
    expect(redactor.isSecret("https://acme-corp.test/p2")).toBe(false);
    expect(redactor.clean("tenant acme-corp is unknown")).toBe(`tenant ${redacted} is unknown`);
    // The same text as a secret is one.
    redactor.add("acme-corp", { isGiven: true });
    expect(redactor.isSecret("https://acme-corp.test/p2")).toBe(true);
  });

  it.each([
    { Accept: "application/json" },
    { "User-Agent": "connector/1.0.0 (node 20)" },
    { "X-GitHub-Api-Version": "2022-11-28" },
    { "Accept-Language": "de-DE,de;q=0.9" },
  ])("that hold no credentials are no secrets: %o", (headers) => {
    const redactor = createRedactor();
    addHeaders(redactor, headers);
    const [text = ""] = Object.values(headers);
    expect(redactor.clean(text)).toBe(text);
  });
});
