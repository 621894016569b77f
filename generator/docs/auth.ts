import { renderKinds, wordsOf } from "./kinds-page.js";
import { blocks, code, either, jsonBlock } from "./markdown.js";
import { printTokens } from "./print-transcript.js";
import { recordAuth } from "./record-auth.js";

/** Renders `auth.md`: every auth scheme with its options, examples and requests. */
export async function renderAuth(): Promise<string> {
  return blocks(
    "# Auth",
    "An auth scheme adds credentials to requests. Set it as `auth` of the client, or of an endpoint to override the client's scheme for one resource. `null` sends no credentials.",
    jsonBlock({ auth: { type: "api_key", name: "X-API-Key" } }),
    `An object without \`type\` is a \`bearer\` scheme. The type alone selects a scheme with its default options: ${either(wordsOf("auth").map((word) => code(JSON.stringify(word))))}.`,
    "A spec never contains secrets. `{secrets.name}` refers to a secret: an option of the generated factory (`apiKey`: text, or a function that returns it) or, if the option is omitted, an environment variable (`ANALYTICS_API_KEY`). `{config.name}` refers to a value that is not secret. Credentials are sent only to the origin of `base_url` and to the origins in the client's option `allowedOrigins`, even if links or redirects lead elsewhere. They never appear in errors, events, logs or checkpoints.",
    "Each scheme is listed with its options and examples. An example shows the requests for one page: `→` is a request, and `←` is the response to a token request. Secrets and config values appear as their names in capitals, and `ISSUED` is the token from the response. These requests are recorded, and every test run records them again.",
    await renderKinds("auth", async (example) => {
      const transcripts = await recordAuth(example);
      const titled = transcripts.map((transcript) =>
        blocks(
          transcript.alternative !== undefined &&
            `With \`authScheme: ${JSON.stringify(transcript.alternative)}\`:`,
          printTokens(transcript),
        ),
      );
      return blocks(...titled);
    }),
  );
}
