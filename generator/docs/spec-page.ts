import { anchorOf, blocks, code, inlineJson, jsonBlock, table } from "./markdown.js";
import { renderPlaceholders } from "./placeholders.js";
import { SECTION_EXAMPLES } from "./section-examples.js";
import { listSections, type SpecKey, type SpecSection } from "./spec-sections.js";

/** `spec.md`: every key of the spec language. */
export async function renderSpecPage(): Promise<string> {
  const sections = listSections();
  return blocks(
    "# Spec",
    "A spec is one JSON or YAML document; JSON may have comments and trailing commas. `connector-gen schema` prints its JSON Schema, from which editors complete keys and check values; `connector-gen validate` also checks what a schema cannot say. A key that is not listed here is an error.",
    "A key that is not required may be `null`, which is the same as leaving it out, unless its meaning says otherwise.",
    contentsOf(sections),
    "## Placeholders",
    "Texts may hold placeholders. Where they may, `{{` and `}}` stand for braces; only a client's headers take all other braces as they are, and `raw` says so for a body. In `json`, a text that is one placeholder and nothing else becomes its value, type and all; in `params`, one without a value is left out. In a path, every value is one segment, percent-encoded; a whole URL that begins it stays as it is. `{name}` in a path also stands for the parameter `name` of `params`.",
    await renderPlaceholders(),
    ...sections.map((section) => renderSection(section, sections)),
  );
}

function contentsOf(sections: readonly SpecSection[]): string {
  const titles = ["Placeholders", ...sections.map(({ title }) => title)];
  return titles.map((title) => `- [${titleOf(title)}](#${anchorOf(title)})`).join("\n");
}

/** Titles are keys, but for those of the whole and of JSON Schemas. */
function titleOf(title: string): string {
  return /^[A-Z]/.test(title) ? title : code(title);
}

function renderSection(section: SpecSection, sections: readonly SpecSection[]): string {
  const { title, description } = section;
  const twin = findTwin(section, sections);
  const rows = keysShown(section, sections);
  const told = section.keys.filter((key) => !rows.includes(key));
  return blocks(
    `## ${titleOf(title)}`,
    description,
    rows.length > 0 && table(["Key", "Type", "Default", "Meaning"], rows.map(toRow)),
    twin &&
      `${rows.length > 0 ? "Further keys" : "Its keys"} are those of [${titleOf(twin.title)}](#${anchorOf(twin.title)}): ${told.map(({ key }) => code(key)).join(", ")}.`,
    ...examplesOf(section).map(jsonBlock),
    ...rows.flatMap(({ key, examples }) =>
      examples.filter((value) => !isShort(value)).map((value) => jsonBlock({ [key]: value })),
    ),
  );
}

/** The keys of a section that its table has; those that it shares with a larger section are only named. */
export function keysShown(section: SpecSection, sections: readonly SpecSection[]): readonly SpecKey[] {
  const twin = findTwin(section, sections);
  return section.keys.filter((key) => !twin?.keys.some((other) => isSame(key, other)));
}

/** Values for a section's whole object: the grammar's and those of the reference. */
export function examplesOf({ title, examples }: SpecSection): readonly unknown[] {
  return [...examples, ...(SECTION_EXAMPLES[title] ?? [])];
}

function toRow({
  key,
  type,
  isRequired,
  default: byDefault,
  description,
  examples,
}: SpecKey): readonly string[] {
  const short = examples.filter(isShort).map((value) => code(inlineJson(value)));
  const such = short.length > 0 ? ` Such as ${short.join(", ")}.` : "";
  const value = byDefault === undefined ? "" : code(inlineJson(byDefault));
  return [code(key), type, isRequired ? "required" : value, description + such];
}

/** Scalars stand in the table, the rest under it. */
function isShort(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** A larger object that has most of an object's keys. */
function findTwin(section: SpecSection, sections: readonly SpecSection[]): SpecSection | undefined {
  const { keys } = section;
  return sections.find((other, at) => {
    const isLarger = other.keys.length > keys.length;
    const isEarlier = other.keys.length === keys.length && at < sections.indexOf(section);
    const same = keys.filter((key) => other.keys.some((one) => isSame(key, one)));
    return (isLarger || isEarlier) && same.length > 4 && same.length * 2 > keys.length;
  });
}

function isSame(a: SpecKey, b: SpecKey): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
