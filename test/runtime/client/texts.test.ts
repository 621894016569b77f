import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, redacted } from "../../../runtime/src/client/redact.js";
import { toBase64 } from "../../../runtime/src/client/secret-forms.js";
import { expand } from "../../../runtime/src/client/template.js";

describe("expand", () => {
  const rows = [
    { given: "plain", want: "plain" },
    { given: "", want: "" },
    { given: "{secrets.a}", want: "<secrets.a>" },
    { given: "x-{config.b}-{secrets.a}!", want: "x-<config.b>-<secrets.a>!" },
    { given: "{{a}}", want: "{a}" },
    { given: "x{{y}}z", want: "x{y}z" },
    { given: "{{{a}}}", want: "{<a>}" },
    { given: "{{", want: "{" },
    { given: "}}", want: "}" },
    { given: "a{{b", want: "a{b" },
    { given: "{a}{b}", want: "<a><b>" },
    { given: "{with space}", want: "<with space>" },
  ];
  it.each(rows)("$given → $want", async ({ given, want }) => {
    expect(await expand(given, (name) => Promise.resolve(`<${name}>`))).toBe(want);
  });

  it("inserts values unchanged: their braces are not placeholders", async () => {
    expect(await expand("{a}", () => Promise.resolve("{b}}{{c}"))).toBe("{b}}{{c}");
  });

  it("undoes the doubling of braces in any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const doubled = text.replace(/[{}]/g, "$&$&");
        expect(await expand(doubled, () => Promise.reject(new Error("no placeholder")))).toBe(text);
      }),
    );
  });
});

describe("the redactor", () => {
  const secret = `s3cr+t/ä&"x 'y`;
  function cleaned(text: string, ...secrets: string[]): string {
    const redactor = createRedactor();
    for (const each of secrets) redactor.add(each);
    return redactor.clean(text);
  }

  const spellings = [
    { name: "raw", given: secret },
    { name: "percent-encoded", given: encodeURIComponent(secret) },
    {
      name: "percent-encoded in lower case",
      given: encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase()),
    },
    { name: "as a form", given: new URLSearchParams({ k: secret }).toString().slice(2) },
    {
      name: "in a URL's query",
      given: new URL(`http://a.test/?k=${secret.replace("&", "%26")}`).search.slice(3),
    },
    {
      name: "in a URL's path",
      given: new URL(`http://a.test/${encodeURIComponent(secret)}`).pathname.slice(1),
    },
    { name: "in JSON", given: JSON.stringify(secret).slice(1, -1) },
    { name: "in base64", given: Buffer.from(secret).toString("base64") },
  ];
  it.each(spellings)("removes a secret $name: $given", ({ given }) => {
    expect(cleaned(`before ${given} after ${given}`, secret)).toBe(`before ${redacted} after ${redacted}`);
  });

  it("removes the pair of Basic authentication once it is added", () => {
    const pair = toBase64(`user:${secret}`);
    expect(cleaned(`Basic ${pair}`, secret, pair)).toBe(`Basic ${redacted}`);
  });

  it("removes the longest secret first, so that no rest of it stays", () => {
    expect(cleaned("s3cret-22 s3cret-2", "s3cret-2", "s3cret-22")).toBe(`${redacted} ${redacted}`);
  });

  it("leaves texts alone as long as it knows no secret, an empty one included", () => {
    expect(cleaned("text", "")).toBe("text");
  });

  it("takes a secret for text, not for a pattern", () => {
    expect(cleaned("a.c.e.g.i abcdefghi $& ((((((((", "a.c.e.g.i", "((((((((")).toBe(
      `${redacted} abcdefghi $& ${redacted}`,
    );
  });

  it("removes any secret in any of its spellings", () => {
    const secrets = fc.string({ minLength: 8, maxLength: 20, unit: "grapheme" });
    fc.assert(
      fc.property(secrets, (any) => {
        const texts = [any, encodeURIComponent(any), JSON.stringify(any).slice(1, -1), toBase64(any)];
        fc.pre(!any.includes("redacted"));
        expect(cleaned(texts.join("\n"), any)).toBe(Array(4).fill(redacted).join("\n"));
      }),
    );
  });
});
