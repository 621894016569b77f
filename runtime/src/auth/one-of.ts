import type { Auth } from "./auth.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";

/** Uses the scheme that the client's option `authScheme` names. Default: the first one. */
export function oneOf(schemes: Readonly<Record<string, Auth>>): Auth {
  return {
    type: "one_of",
    options: schemes,
    credentials: async (context) => {
      const names = Object.keys(schemes);
      const authScheme = (context.option("authScheme") ?? names[0] ?? "") as string;
      const chosen = Object.hasOwn(schemes, authScheme) ? schemes[authScheme] : undefined;
      if (chosen) return chosen.credentials(context);
      const message = `unknown \`authScheme\` "${authScheme}": valid values are ${names.join(", ")}`;
      throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
    },
  };
}

/** The spec's `{"type": "one_of"}`. */
export const oneOfKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "auth",
  type: "one_of",
  factory: "oneOf",
  summary: "Several schemes. The factory option `authScheme` selects one of them.",
  options: {
    schemes: {
      type: "kinds",
      required: true,
      description: "The schemes by name; names must be identifiers.",
    },
    default: {
      type: "kind",
      description: "The scheme that is used if the option is omitted. Default: the first.",
    },
  },
  phrase: (schemes) => Object.values(schemes).join(" or "),
  clientOptions: (schemes) => [
    {
      name: "authScheme",
      type: Object.keys(schemes)
        .map((name) => JSON.stringify(name))
        .join(" | "),
      imports: [],
      description: `The scheme whose credentials are sent. Default: \`${Object.keys(schemes)[0] ?? ""}\`.`,
    },
  ],
  examples: [
    {
      type: "one_of",
      schemes: {
        token: { type: "bearer" },
        key: { type: "api_key", name: "X-API-Key" },
      },
    },
    {
      type: "one_of",
      schemes: {
        login: { type: "http_basic" },
        app: {
          type: "oauth2_client_credentials",
          access_token_url: "/oauth/token",
        },
      },
      default: "app",
    },
  ],
}));
