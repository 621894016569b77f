import type { Challenge } from "../infer/challenge.js";
import { basicHeader, parseHeader, type RequestSample } from "../infer/request-sample.js";
import { ask } from "./ask.js";

/** Adds credentials to a request. */
export type AddCredentials = (sample: RequestSample) => RequestSample;

/**
 * Asks for the credentials that a server requires, without showing the input. Resolves to `undefined` after Ctrl-C, and to
 * `null` for empty input.
 */
export async function askCredentials(challenge: Challenge): Promise<AddCredentials | undefined | null> {
  const { scheme, header, param, prefix = "" } = challenge;
  if (scheme === "basic") return await askBasic();
  if (scheme === "other" && header === undefined && param === undefined) return await askHeader();
  const what = scheme === "bearer" ? "a token (Bearer)" : (header ?? `the parameter ${param ?? ""}`);
  const key = await ask({ text: `The server asks for ${what}:`, isSecret: true });
  if (!key) return key === undefined ? undefined : null;
  if (scheme === "bearer") return withHeader("Authorization", `Bearer ${key.replace(/^Bearer\s+/i, "")}`);
  return header === undefined ? withParam(param ?? "", key) : withHeader(header, prefix + key);
}

async function askBasic(): Promise<AddCredentials | undefined | null> {
  const pair = await ask({
    text: "The server asks for a user name and a password (Basic), as name:password:",
    isSecret: true,
    check: (line) =>
      line === "" || line.includes(":") ? undefined : "Write the name, a colon, and the password.",
  });
  if (!pair) return pair === undefined ? undefined : null;
  return withHeader(...basicHeader(pair));
}

async function askHeader(): Promise<AddCredentials | undefined | null> {
  const text = await ask({
    text: "The server does not say which credentials it accepts. Header with the credentials, such as X-API-Key: …:",
    isSecret: true,
    check: (line) =>
      line === "" || parseHeader(line) ? undefined : "Write the name of the header, a colon, and the value.",
  });
  if (!text) return text === undefined ? undefined : null;
  const header = parseHeader(text);
  return header ? withHeader(...header) : null;
}

function withHeader(name: string, value: string): AddCredentials {
  return (sample) => {
    const others = sample.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
    return { ...sample, headers: [...others, [name, value]] };
  };
}

function withParam(name: string, value: string): AddCredentials {
  return (sample) => {
    const url = new URL(sample.url);
    url.searchParams.set(name, value);
    return { ...sample, url };
  };
}
