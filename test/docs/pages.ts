import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anchorOf } from "../../generator/docs/markdown.js";
import { root } from "../support/paths.js";

/** The folder of the reference. */
export const folder: string = join(root, "docs/reference");

/** A committed page. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** Reads all pages of the reference. */
export function readPages(): readonly Page[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".md"));
  return files.sort().map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
}

/** Returns the fenced blocks of a language. */
export function fencesOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, block = ""]) =>
    found === language ? [block] : [],
  );
}

/** Returns the targets of a page's links. */
export function linksOf(text: string): readonly string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target]) => target ?? []);
}

/** Returns the anchors of a page's headings. */
export function anchorsOf(text: string): readonly string[] {
  const headings = text.replaceAll(/^```.*?^```$/gms, "").matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) => anchorOf(heading));
}

/** The text below a heading, up to the next heading. */
export function sectionOf(text: string, heading: string): string {
  const parts = text.split(/^(#+ .*)$/m);
  const index = parts.findIndex((part) => part.replace(/^#+ /, "").replaceAll("`", "") === heading);
  if (index < 0) throw new Error(`no heading ${heading}`);
  return parts[index + 1] ?? "";
}

/** The rows of the first table of a text whose first column is `title`, without code marks. */
export function tableOf(text: string, title: string): readonly (readonly string[])[] {
  const rows = text.split("\n").map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "").replaceAll("\\|", "|")),
  );
  const start = rows.findIndex(([cell], row) => cell === title && /^-+$/.test(rows[row + 1]?.[0] ?? ""));
  const end = rows.findIndex((row, index) => index > start && row.length === 0);
  if (start < 0) throw new Error(`no table with the column ${title}`);
  return rows.slice(start + 2, end);
}

/** The first column of such a table. */
export function firstColumnOf(text: string, title: string): readonly string[] {
  return tableOf(text, title).map(([cell = ""]) => cell);
}
