import { generateKeyPairSync } from "node:crypto";
import type { ClientOptions, JsonObject, JsonValue } from "@connector-gen/runtime";

import { isSelector, type KindIr, type SourceIr } from "../ir/source-ir.js";
import { EXAMPLE_ORIGIN, exampleSpec, readSpec } from "./example-source.js";
import { toLiveSource } from "../live/live-source.js";
import { play, type Answer, type Play } from "./play.js";

/** The token that the APIs of the examples issue. */
const ISSUED = "ISSUED";

/** One way to use an example. */
export interface AuthPlay extends Play {
  /** The alternative that was chosen, of a kind that holds several. */
  readonly alternative?: string;
}

/** Reads one page by an example's auth scheme; by each alternative, where there are several. */
export async function playAuth(example: JsonObject): Promise<readonly AuthPlay[]> {
  const source = await readExample(example);
  const names = Object.keys(source.auth?.calls ?? {});
  const alternatives = names.length > 0 ? names : [undefined];
  return Promise.all(
    alternatives.map(async (alternative) => {
      const options = { ...optionsOf(source), ...(alternative !== undefined && { authScheme: alternative }) };
      const played = await play(toLiveSource(source), answerFor(source), options);
      return { ...played, ...(alternative !== undefined && { alternative }) };
    }),
  );
}

/** Credentials that go into a body need one. */
async function readExample(auth: JsonObject): Promise<SourceIr> {
  try {
    return await readSpec(exampleSpec({ client: { auth } }));
  } catch {
    return readSpec(
      exampleSpec({ client: { auth }, endpoint: { method: "POST", json: { archived: false } } }),
    );
  }
}

/** Every secret and config value is its own name in capitals; a function of the options gives a header. */
function optionsOf(source: SourceIr): ClientOptions {
  const values = [...source.secrets, ...source.config].map(({ name, option }) => [
    option,
    name.toUpperCase(),
  ]);
  const functions = source.clientOptions
    .filter(({ required }) => required)
    .map(({ name }) => [name, () => ({ headers: { authorization: name.toUpperCase() } })]);
  return { ...Object.fromEntries([...values, ...functions]), ...signingKey(source) } as ClientOptions;
}

/** Keys are the only secrets that must be more than text. */
function signingKey(source: SourceIr): object {
  const algorithm = source.auth?.options["algorithm"] ?? "RS256";
  const key = source.secrets.find(({ name }) => name === "signing_key");
  if (!key || typeof algorithm !== "string" || algorithm.startsWith("HS")) return {};
  const { privateKey } = algorithm.startsWith("ES")
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { [key.option]: privateKey.export({ format: "pem", type: "pkcs8" }) };
}

/** An API of no records, and a server of tokens wherever else something is asked for. */
function answerFor(source: SourceIr): Answer {
  const tokens = tokenReply(source.auth);
  return ({ url }) => {
    const isRead = url.startsWith(`${EXAMPLE_ORIGIN}/items`);
    return { headers: {}, body: JSON.stringify(isRead ? { items: [] } : tokens) };
  };
}

/** A token wherever the scheme looks for one, else as RFC 6749 has it. */
function tokenReply(auth: KindIr | undefined): JsonValue {
  const path = Object.values(auth?.options ?? {}).find(isSelector);
  if (!path) return { access_token: ISSUED, token_type: "Bearer", expires_in: 3600 };
  return path.selector.reduceRight<JsonValue>(
    (inner, name) => (typeof name === "string" ? { [name]: inner } : [inner]),
    ISSUED,
  );
}
