/** The credentials that a server asks for. */
export interface Challenge {
  /** `other`: a header or parameter with another name, or unknown. */
  readonly scheme: "bearer" | "basic" | "other";
  /** The header that takes the key; absent if unknown. */
  readonly header?: string;
  /** The query parameter that takes the key; absent if unknown. */
  readonly param?: string;
  /** Text before the key in the header, such as `Token `. */
  readonly prefix?: string;
}

/**
 * Reads from a response with status 401 which credentials it asks for: from the header `WWW-Authenticate`, otherwise from
 * the body.
 */
export function readChallenge(authenticate: string | undefined, body: string): Challenge {
  const scheme = /^\s*([A-Za-z][\w-]*)/.exec(authenticate ?? "")?.[1] ?? "";
  if (/^(bearer|basic)$/i.test(scheme)) return { scheme: scheme.toLowerCase() as "bearer" | "basic" };
  const text = `${authenticate ?? ""} ${body.slice(0, 2000)}`;
  const header = /\b(x-[a-z-]*(?:key|token|auth)[a-z-]*)\b/i.exec(text)?.[1];
  if (header !== undefined) return { scheme: "other", header };
  if (/^(token|apikey|api-key|key)$/i.test(scheme))
    return { scheme: "other", header: "Authorization", prefix: `${scheme} ` };
  const param = /[?`'"]((?:api_?|access_?)(?:key|token))\b/i.exec(text)?.[1];
  if (param !== undefined) return { scheme: "other", param };
  return { scheme: /\bbearer\b/i.test(text) ? "bearer" : "other" };
}

/** Returns how to pass the credentials on the command line. */
export function describeChallenge({ scheme, header, param, prefix = "" }: Challenge): string {
  if (scheme === "basic")
    return 'The server asks for a user name and a password (Basic): pass --user "$NAME:$PASSWORD"';
  if (scheme === "bearer")
    return 'The server asks for a token (Bearer): pass --header "Authorization: Bearer $TOKEN"';
  if (header !== undefined) return `The server asks for ${header}: pass --header "${header}: ${prefix}$KEY"`;
  if (param !== undefined) return `The server asks for the parameter ${param}: add ?${param}=… to the URL`;
  return 'The server does not say which credentials it accepts: pass the header that its documentation names, such as --header "Authorization: Bearer $TOKEN" or --header "X-API-Key: $KEY"';
}
