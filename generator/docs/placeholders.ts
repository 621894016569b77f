import { parseExample, type ExamplePath } from "./example-spec.js";
import { code, table } from "./markdown.js";

/** A placeholder and what it stands for. */
const PLACEHOLDERS: readonly (readonly [text: string, meaning: string])[] = [
  ["{secrets.name}", "An option of the generated factory, or an environment variable; never shown."],
  ["{config.name}", "An option of the generated factory."],
  [
    "{resources.users.id}",
    "A field of the record of the parent `users`: a name or a [selector](selectors.md).",
  ],
  ["{partitions.region}", "The value of the partition `region` that is being read."],
  [
    "{incremental.start_value}",
    "Where the range begins; also `initial_value`, `last_value` and `end_value`.",
  ],
];

const ENDPOINT: ExamplePath = ["resources", 1, "endpoint"];

/** Places of texts. */
const PLACES: readonly (readonly [name: string, place: (text: string) => readonly [ExamplePath, unknown]])[] =
  [
    ["`path`", (text) => [[...ENDPOINT, "path"], `/users/{resources.users.id}/${text}`]],
    ["`params`", (text) => [[...ENDPOINT, "params", "at"], text]],
    ["`headers`", (text) => [[...ENDPOINT, "headers"], { "X-At": text }]],
    ["`json`", (text) => [[...ENDPOINT, "json"], { at: text }]],
    ["`data`", (text) => [[...ENDPOINT, "data"], { at: text }]],
    ["`add`", (text) => [["resources", 1, "processing_steps"], [{ add: { at: text } }]]],
    ["`incremental`", (text) => [[...ENDPOINT, "incremental", "initial_value"], text]],
    ["`auth`", (text) => [["client", "auth"], { type: "http_basic", username: text }]],
    ["the client's `headers`", (text) => [["client", "headers"], { "X-At": text }]],
    ["`base_url`", (text) => [["client", "base_url"], `https://api.example.com/${text}`]],
  ];

/** A table of the placeholders and where each may stand: the parser's own answers. */
export async function renderPlaceholders(): Promise<string> {
  const rows = await Promise.all(
    PLACEHOLDERS.map(async ([text, meaning]) => {
      const fits = await Promise.all(
        PLACES.map(async ([name, place]) => {
          const [path, value] = place(text);
          const [, other] = place("x");
          // Where no placeholder can stand, braces may be mere braces.
          return (await count(text, path, value)) > (await count(text, path, other)) ? [name] : [];
        }),
      );
      return [code(text), meaning, fits.flat().join(", ")];
    }),
  );
  return table(["Placeholder", "Stands for", "In"], rows);
}

/** How often a placeholder stands in the spec that has a value at a path; doubled braces are none. */
async function count(placeholder: string, path: ExamplePath, value: unknown): Promise<number> {
  const { spec } = await parseExample(path, value);
  return (
    JSON.stringify(spec ?? {})
      .replaceAll("{{", "")
      .split(placeholder).length - 1
  );
}
