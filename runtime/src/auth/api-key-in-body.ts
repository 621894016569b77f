import type { Auth } from "./auth.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { ApiKeyOptions } from "./api-key.js";
import { toForm } from "../bodies/form.js";

/** Sends an API key as a field of the request's JSON object or form. A request without a body gets no key. */
export function apiKeyInBody(options: ApiKeyOptions): Auth {
  const { name = "Authorization", prefix = "" } = options;
  return {
    type: "api_key",
    options,
    credentials: async ({ expand, request }) => {
      const { body, headers } = request;
      if (body === undefined) return {};
      const key = prefix + (await expand(options.apiKey));
      if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
        return { body: [withoutField(body, name), toForm({ [name]: key })].filter(Boolean).join("&") };
      return { body: JSON.stringify({ ...readObject(body), [name]: key }) };
    },
  };
}

/** A form without one of its fields. */
function withoutField(form: string, name: string): string {
  const prefix = toForm({ [name]: "" });
  return form
    .split("&")
    .filter((pair) => !pair.startsWith(prefix))
    .join("&");
}

function readObject(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Reported below, without the parser's message: it repeats the body.
  }
  const message = "the API key goes into the body, which is neither a JSON object nor a form";
  throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
}
