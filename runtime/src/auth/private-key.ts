import { AuthError, ReadFailure } from "../errors.js";
import { platform } from "../platform.js";

/** Object identifiers, DER: `rsaEncryption`, and `id-ecPublicKey` with the curve. */
const algorithms: Readonly<Record<string, string>> = {
  RS: "30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00",
  ES256: "30 13 06 07 2a 86 48 ce 3d 02 01 06 08 2a 86 48 ce 3d 03 01 07",
  ES384: "30 10 06 07 2a 86 48 ce 3d 02 01 06 05 2b 81 04 00 22",
  ES512: "30 10 06 07 2a 86 48 ce 3d 02 01 06 05 2b 81 04 00 23",
};

/**
 * Converts a private key to PKCS#8 (RFC 5958), the only format that WebCrypto accepts. The text is PEM of PKCS#8, PKCS#1
 * (`RSA PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`), or bare base64.
 */
export function readPrivateKey(text: string, algorithm: string): Uint8Array {
  // Environment variables often contain `\n` instead of line breaks.
  const pem = text.replaceAll("\\n", "\n");
  const [, form = "", body = pem] = /-----BEGIN (RSA |EC )?PRIVATE KEY-----([^-]*)/.exec(pem) ?? [];
  if (pem.includes("ENCRYPTED"))
    throw new ReadFailure(
      AuthError,
      "NO_CREDENTIALS",
      "the signing key is encrypted: decrypt it, e.g. by `openssl pkey`",
    );
  const bytes = readBase64(body);
  if (!form) return bytes;
  const identifier = algorithms[form === "RSA " ? "RS" : algorithm] ?? "";
  const oid = identifier.split(" ").map((byte) => parseInt(byte, 16));
  return der(0x30, [0x02, 1, 0, ...oid, ...der(0x04, bytes)]);
}

/** Decodes base64 or base64url. Ignores line breaks. */
export function readBase64(text: string): Uint8Array {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/").replace(/\s/g, "");
  return Uint8Array.from(platform.atob(base64), (character) => character.charCodeAt(0));
}

/** Encodes a value in DER, with its tag and length (X.690 §8.1). */
function der(tag: number, value: ArrayLike<number>): Uint8Array {
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Uint8Array.from([tag, ...size, ...Array.from(value)]);
}
