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
