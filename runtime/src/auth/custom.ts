import type { Auth, Credentials } from "./auth.js";
import { AuthError, ConnectorError, Fault } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";

/** A request as a function of the options sees it: as it would go out without credentials. */
export interface AuthRequest {
  readonly method: string;
  /** Whole, with the query. */
  readonly url: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Gives the credentials of a request; called for every request to an origin that may be sent secrets. */
export type Authorize = (request: AuthRequest) => Credentials | Promise<Credentials>;

/** Shorter texts are hardly secrets, and removing them everywhere would make messages unreadable. */
const secretLength = 8;

/** Asks the function `authorize` of the client's options for credentials. */
export function customAuth(): Auth {
  return {
    type: "custom",
    options: {},
    credentials: async ({ client, request, redact }) => {
      const { authorize } = client.options as { readonly authorize?: Authorize };
      if (typeof authorize !== "function")
        throw new Fault(ConnectorError, "INVALID_OPTIONS", "no function `authorize` in the options");
      const credentials = await call(authorize, request);
      const { headers, query, cookies } = credentials;
      for (const value of Object.values({ ...headers, ...query, ...cookies })) {
        // What stands behind a scheme's name is the secret: `Bearer …`.
        for (const text of [value, value.replace(/^\S+ +/, "")])
          if (text.length >= secretLength) redact(text);
      }
      return credentials;
    },
  };
}

async function call(authorize: Authorize, request: AuthRequest): Promise<Credentials> {
  try {
    return await authorize(request);
  } catch (cause) {
    throw new Fault(AuthError, "NO_CREDENTIALS", "`authorize` failed", { cause });
  }
}

/** The spec's `{"type": "custom"}`. */
export const customAuthKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "auth",
  type: "custom",
  factory: "customAuth",
  summary: "Asks a function of the factory's options for the credentials of each request.",
  options: {},
  phrase: () => "credentials of your own",
  clientOptions: () => [
    {
      name: "authorize",
      type: "Authorize",
      imports: ["Authorize"],
      description: "Gives the credentials of a request: headers, query parameters, cookies, or a whole body.",
      isRequired: true,
    },
  ],
  examples: [{ type: "custom" }],
}));
