import { printJson } from "../spec/print-json.js";
import { anchorOf, blocks, code, jsonBlock, table } from "./markdown.js";
import { renderPlaceholders } from "./placeholders.js";
import { sectionExamples } from "./section-examples.js";
import { listSections, type SpecKey, type SpecSection } from "./spec-sections.js";

/** Renders `spec.md`: every key of the spec language. */
export async function renderSpecPage(): Promise<string> {
  const sections = listSections();
  return blocks(
    "# Spec",
    "A spec is one JSON or YAML document. JSON may contain comments and trailing commas. YAML may contain aliases and merge keys (`<<: *defaults`). `connector-gen schema` prints the JSON Schema, which editors use to complete keys and check values. `connector-gen validate` also checks rules that a schema cannot express. Unknown keys are errors.",
    "An optional key may be `null`, which is the same as omitting it, unless its description says otherwise.",
    contentsOf(sections),
    "## Placeholders",
    "Text may contain placeholders. Where placeholders are allowed, write `{{` and `}}` for braces. Headers of the client keep all other braces unchanged, and so does a body with `raw`. In `json`, a text that consists of one placeholder becomes its value and keeps its type. In `params`, a parameter whose placeholder has no value is omitted. In a path, each value is one percent-encoded segment, except a complete URL at the start. `{name}` in a path also refers to the parameter `name` of `params`.",
    await renderPlaceholders(),
    ...sections.map((section) => renderSection(section, sections)),
  );
}

function contentsOf(sections: readonly SpecSection[]): string {
  const titles = ["Placeholders", ...sections.map(({ title }) => title)];
  return titles.map((title) => `- [${titleOf(title)}](#${anchorOf(title)})`).join("\n");
}

/** Formats a title as code if it is a key. */
function titleOf(title: string): string {
  return /^[A-Z]/.test(title) ? title : code(title);
}

function renderSection(section: SpecSection, sections: readonly SpecSection[]): string {
  const { title, description } = section;
  const twin = findTwin(section, sections);
  const rows = keysShown(section, sections);
  const shared = section.keys.filter((key) => !rows.includes(key));
  return blocks(
    `## ${titleOf(title)}`,
    description,
    rows.length > 0 && table(["Key", "Type", "Default", "Description"], rows.map(toRow)),
    twin &&
      `${rows.length > 0 ? "More keys" : "Keys"} as in [${titleOf(twin.title)}](#${anchorOf(twin.title)}): ${shared.map(({ key }) => code(key)).join(", ")}.`,
    ...examplesOf(section).map(jsonBlock),
    ...rows.flatMap(({ key, examples }) =>
      examples.filter((value) => !isShort(value)).map((value) => jsonBlock({ [key]: value })),
    ),
  );
}

/** Returns the keys in the table of a section. Keys that it shares with a larger section are only named. */
export function keysShown(section: SpecSection, sections: readonly SpecSection[]): readonly SpecKey[] {
  const twin = findTwin(section, sections);
  return section.keys.filter((key) => !twin?.keys.some((other) => isSame(key, other)));
}

/** Returns the examples of a section's whole object from the grammar and the reference. */
export function examplesOf({ title, examples }: SpecSection): readonly unknown[] {
  return [...examples, ...(sectionExamples[title] ?? [])];
}

function toRow({
  key,
  type,
  isRequired,
  default: byDefault,
  description,
  examples,
}: SpecKey): readonly string[] {
  const short = examples.filter(isShort).map((value) => code(printJson(value)));
  const list = short.length > 0 ? ` ${short.length > 1 ? "Examples" : "Example"}: ${short.join(", ")}.` : "";
  const value = byDefault === undefined ? "" : code(printJson(byDefault));
  return [code(key), type, isRequired ? "required" : value, description + list];
}

/** Whether an example is a scalar, which the table shows. Other examples follow the table. */
function isShort(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** Finds a larger object that has most keys of an object. */
function findTwin(section: SpecSection, sections: readonly SpecSection[]): SpecSection | undefined {
  const { keys } = section;
  return sections.find((other, index) => {
    const isLarger = other.keys.length > keys.length;
    const isEarlier = other.keys.length === keys.length && index < sections.indexOf(section);
    const same = keys.filter((key) => other.keys.some((one) => isSame(key, one)));
    return (isLarger || isEarlier) && same.length > 4 && same.length * 2 > keys.length;
  });
}

function isSame(a: SpecKey, b: SpecKey): boolean {
  return a.key === b.key && JSON.stringify(a) === JSON.stringify(b);
}
