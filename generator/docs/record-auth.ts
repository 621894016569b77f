import { generateKeyPairSync } from "node:crypto";
import type { ClientOptions, JsonValue } from "@connector-gen/runtime";
import { isSelector, type KindIr, type SourceIr } from "../ir/source-ir.js";
import { toLiveSource } from "../live/live-source.js";
import { exampleOrigin, exampleSpec, readSpec } from "./example-source.js";
import { recordRead, type RecordedResponse, type Respond, type Transcript } from "./record-read.js";

/** The token that the example APIs issue. */
const issuedToken = "ISSUED";

/** A recorded read of one page. */
export interface AuthTranscript extends Transcript {
  /** The selected alternative, if the scheme has several. */
  readonly alternative?: string;
}

/** Records a read of one page with the auth scheme of an example, or with each of its alternatives. */
export async function recordAuth(example: JsonValue): Promise<readonly AuthTranscript[]> {
  const source = await readExample(example);
  const names = Object.keys(source.auth?.calls ?? {});
  const alternatives = names.length > 0 ? names : [undefined];
  return Promise.all(
    alternatives.map(async (alternative) => {
      const options = { ...optionsOf(source), ...(alternative !== undefined && { authScheme: alternative }) };
      const transcript = await recordRead(toLiveSource(source), respondFor(source), options);
      return { ...transcript, ...(alternative !== undefined && { alternative }) };
    }),
  );
}

/** Reads the spec of an example. Adds a body if the credentials belong in one. */
async function readExample(auth: JsonValue): Promise<SourceIr> {
  try {
    return await readSpec(exampleSpec({ client: { auth } }));
  } catch {
    return readSpec(
      exampleSpec({ client: { auth }, endpoint: { method: "POST", json: { archived: false } } }),
    );
  }
}

/** Returns options in which the value of every secret and config value is its name in capitals. */
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

/** Returns a signing key, the only kind of secret that must have a valid format. It is short, so it takes little time. */
function signingKey(source: SourceIr): object {
  const algorithm = source.auth?.options["algorithm"] ?? "RS256";
  const key = source.secrets.find(({ name }) => name === "signing_key");
  if (!key || typeof algorithm !== "string" || algorithm.startsWith("HS")) return {};
  const { privateKey } = algorithm.startsWith("ES")
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 1024 });
  return { [key.option]: privateKey.export({ format: "pem", type: "pkcs8" }) };
}

/** Responds without records to requests for the resource, and with a token to all others. */
function respondFor(source: SourceIr): Respond {
  const tokens = tokenResponse(source.auth);
  return ({ url }) => {
    const isRead = url.startsWith(`${exampleOrigin}/items`);
    return isRead ? { headers: {}, body: JSON.stringify({ items: [] }) } : tokens;
  };
}

/** Returns a response with a token where the scheme expects it. */
function tokenResponse(auth: KindIr | undefined): RecordedResponse {
  const { tokenHeader, tokenCookie } = auth?.options ?? {};
  if (typeof tokenHeader === "string") return { headers: { [tokenHeader]: issuedToken }, body: "welcome" };
  if (typeof tokenCookie === "string")
    return { headers: { "Set-Cookie": `${tokenCookie}=${issuedToken}; Path=/; HttpOnly` }, body: "welcome" };
  return { headers: {}, body: JSON.stringify(tokenBody(auth)) };
}

/** Returns a body with a token where the scheme expects it, by default as in RFC 6749. */
function tokenBody(auth: KindIr | undefined): JsonValue {
  const path = Object.values(auth?.options ?? {}).find(isSelector);
  if (!path) return { access_token: issuedToken, token_type: "Bearer", expires_in: 3600 };
  return path.selector.reduceRight<JsonValue>(
    (inner, name) => (typeof name === "string" ? { [name]: inner } : [inner]),
    issuedToken,
  );
}
