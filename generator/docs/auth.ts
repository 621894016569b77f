import { renderKinds, wordsOf } from "./kinds-page.js";
import { blocks, code, either, jsonBlock } from "./markdown.js";
import { playAuth } from "./play-auth.js";
import { printTokens } from "./print-play.js";

/** `auth.md`: every auth scheme with its options and examples, and what these send. */
export async function renderAuth(): Promise<string> {
  return blocks(
    "# Auth",
    "An auth scheme adds credentials to requests. It is the value of `auth` in the client or, for one resource, in its endpoint, where `null` sends none.",
    jsonBlock({ auth: { type: "api_key", name: "X-API-Key" } }),
    `An object without \`type\` is a \`bearer\` scheme. A word alone stands for a scheme with its default options: ${either(wordsOf("auth").map((word) => code(JSON.stringify(word))))}.`,
    "Secrets never stand in a spec. `{secrets.name}` stands for one: an option of the generated factory (`apiKey`, text or a function that fetches it) or, left out there, an environment variable (`ANALYTICS_API_KEY`). `{config.name}` stands for a value that is no secret. Credentials go to the origin of `base_url` and to those of the client's option `allowedOrigins`, whatever links and redirects say, and never appear in errors, events, log lines or checkpoints.",
    "Under each scheme stand its options and examples, each with the request for one page: `→` is what the client sends, `←` what comes back where it asks for a token first. Every secret and config value is its own name in capitals there, and `ISSUED` is the token that comes back. These lines are recorded, not written: every test run plays the examples again.",
    await renderKinds("auth", async (example) => {
      const plays = await playAuth(example);
      const titled = plays.map((played) =>
        blocks(
          played.alternative !== undefined && `With \`authScheme: ${JSON.stringify(played.alternative)}\`:`,
          printTokens(played),
        ),
      );
      return blocks(...titled);
    }),
  );
}
