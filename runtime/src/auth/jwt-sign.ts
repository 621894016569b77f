import { AuthError, ReadFailure } from "../errors.js";
import type { JsonObject } from "../json.js";
import { platform } from "../platform.js";
import { toBase64 } from "../client/secret-forms.js";
import { readBase64, readPrivateKey } from "./private-key.js";

/** The signature algorithm of a token: RSA, elliptic curves, or a shared secret, each with SHA-2 (RFC 7518 §3.1). */
export type JwtAlgorithm = `${"RS" | "ES" | "HS"}${"256" | "384" | "512"}`;

/** A key as configured. */
export interface JwtKey {
  readonly text: string;
  /** `base64`: the text is the key in base64. */
  readonly encoding: "text" | "base64";
}

/** Signs claims as a compact JWS (RFC 7515 §7.1). Throws an `AuthError` for a key that does not fit the algorithm. */
export async function signJwt(token: {
  readonly algorithm: JwtAlgorithm;
  readonly key: JwtKey;
  readonly keyId?: string;
  readonly claims: JsonObject;
}): Promise<string> {
  const { algorithm, key, keyId, claims } = token;
  const header = { alg: algorithm, typ: "JWT", ...(keyId !== undefined && { kid: keyId }) };
  const content = `${toBase64Url(toBase64(JSON.stringify(header)))}.${toBase64Url(toBase64(JSON.stringify(claims)))}`;
  try {
    const { subtle } = platform.crypto;
    const parameters = parametersOf(algorithm);
    const [format, bytes] = readKey(algorithm, key);
    const imported = await subtle.importKey(format, bytes, parameters, false, ["sign"]);
    const signature = await subtle.sign(parameters, imported, new platform.TextEncoder().encode(content));
    const text = platform.btoa(String.fromCharCode(...new Uint8Array(signature)));
    return `${content}.${toBase64Url(text)}`;
  } catch (cause) {
    if (cause instanceof ReadFailure) throw cause;
    throw new ReadFailure(AuthError, "NO_CREDENTIALS", `the signing key cannot be used for ${algorithm}`, {
      cause,
    });
  }
}

const curves: Readonly<Record<string, string>> = { "256": "P-256", "384": "P-384", "512": "P-521" };

function parametersOf(algorithm: JwtAlgorithm): object {
  const family = algorithm.slice(0, 2);
  const bits = algorithm.slice(2);
  const hash = `SHA-${bits}`;
  if (family === "HS") return { name: "HMAC", hash };
  if (family === "RS") return { name: "RSASSA-PKCS1-v1_5", hash };
  return { name: "ECDSA", hash, namedCurve: curves[bits] };
}

function readKey(
  algorithm: JwtAlgorithm,
  { text, encoding }: JwtKey,
): readonly ["raw" | "pkcs8", Uint8Array] {
  const isPlain = encoding === "text";
  if (algorithm.startsWith("HS"))
    return ["raw", isPlain ? new platform.TextEncoder().encode(text) : readBase64(text)];
  const decoded = isPlain ? text : String.fromCharCode(...readBase64(text));
  // The decoded text may be a PEM file, or only the content of one.
  return ["pkcs8", readPrivateKey(decoded.includes("-----") ? decoded : text, algorithm)];
}

function toBase64Url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
