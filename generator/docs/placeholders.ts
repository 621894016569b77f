import { parseExample, type ExamplePath } from "./parse-example.js";
import { code, table } from "./markdown.js";

/** Placeholders and their values. */
const placeholders: readonly (readonly [text: string, meaning: string])[] = [
  ["{secrets.name}", "A secret: an option of the generated factory, or an environment variable."],
  ["{config.name}", "A config value: an option of the generated factory."],
  ["{resources.users.id}", "A field of the parent record in `users`: a name or a [selector](selectors.md)."],
  ["{partitions.region}", "The current value of the partition `region`."],
  [
    "{incremental.start_value}",
    "The start of the incremental range; also `initial_value`, `last_value` and `end_value`.",
  ],
  ["{job.id}", "A field of the export job's responses."],
];

const endpointPath: ExamplePath = ["resources", 1, "endpoint"];

/** Positions of text in a spec, each as a function from a text to a path and the value there. */
const positions: readonly (readonly [
  name: string,
  locate: (text: string) => readonly [ExamplePath, unknown],
])[] = [
  ["`path`", (text) => [[...endpointPath, "path"], `/users/{resources.users.id}/${text}`]],
  ["`params`", (text) => [[...endpointPath, "params", "at"], text]],
  ["`headers`", (text) => [[...endpointPath, "headers"], { "X-At": text }]],
  ["`json`", (text) => [[...endpointPath, "json"], { at: text }]],
  ["`data`", (text) => [[...endpointPath, "data"], { at: text }]],
  ["`add`", (text) => [["resources", 1, "processing_steps"], [{ add: { at: text } }]]],
  ["`incremental`", (text) => [[...endpointPath, "incremental", "initial_value"], text]],
  ["`auth`", (text) => [["client", "auth"], { type: "http_basic", username: text }]],
  ["the client's `headers`", (text) => [["client", "headers"], { "X-At": text }]],
  ["`base_url`", (text) => [["client", "base_url"], `https://api.example.com/${text}`]],
];

/** Renders a table of the placeholders and their allowed positions, as the parser accepts them. */
export async function renderPlaceholders(): Promise<string> {
  const rows = await Promise.all(
    placeholders.map(async ([text, meaning]) => {
      const fits = await Promise.all(
        positions.map(async ([name, locate]) => {
          const [path, value] = locate(text);
          const [, other] = locate("x");
          // Without an error, the text may still be literal, so compare the number of placeholders.
          return (await count(text, path, value)) > (await count(text, path, other)) ? [name] : [];
        }),
      );
      return [code(text), meaning, fits.flat().join(", ")];
    }),
  );
  return table(["Placeholder", "Value", "Allowed in"], rows);
}

/** Counts a placeholder in the parsed spec with a value at a path. Ignores escaped braces. */
async function count(placeholder: string, path: ExamplePath, value: unknown): Promise<number> {
  const { spec } = await parseExample(path, value);
  return (
    JSON.stringify(spec ?? {})
      .replaceAll("{{", "")
      .split(placeholder).length - 1
  );
}
