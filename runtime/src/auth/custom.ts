import type { Auth, Credentials } from "./auth.js";
import type { UnsignedRequest } from "../http/transport.js";
import { AuthError, ConnectorError, ReadFailure } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";

/** Returns the credentials of a request. Called for every request to a trusted origin. */
export type Authorize = (request: UnsignedRequest) => Credentials | Promise<Credentials>;

/** Shorter texts are rarely secrets; redacting them would make URLs and bodies unreadable. */
const secretLength = 8;

/** Gets the credentials from the function `authorize` in the client's options. */
export function customAuth(): Auth {
  return {
    type: "custom",
    options: {},
    credentials: async ({ option, request, redact }) => {
      const authorize = option("authorize") as Authorize | undefined;
      if (typeof authorize !== "function")
        throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", "the options have no function `authorize`");
      const credentials = await call(authorize, request);
      const { headers, query, cookies } = credentials;
      for (const value of Object.values({ ...headers, ...query, ...cookies })) {
        // The secret follows the name of the scheme: `Bearer …`.
        for (const text of [value, value.replace(/^\S+ +/, "")])
          if (text.length >= secretLength) redact(text);
      }
      return credentials;
    },
  };
}

async function call(authorize: Authorize, request: UnsignedRequest): Promise<Credentials> {
  try {
    return await authorize(request);
  } catch (cause) {
    throw new ReadFailure(AuthError, "NO_CREDENTIALS", "`authorize` failed", { cause });
  }
}

/** The spec's `{"type": "custom"}`. */
export const customAuthKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "auth",
  type: "custom",
  factory: "customAuth",
  summary: "Calls a function from the options of the factory for the credentials of each request.",
  options: {},
  phrase: () => "custom credentials",
  clientOptions: () => [
    {
      name: "authorize",
      type: "Authorize",
      imports: ["Authorize"],
      description:
        "Returns the credentials of a request: headers, query parameters, cookies, or a whole body.",
      isRequired: true,
    },
  ],
  examples: [{ type: "custom" }],
}));
