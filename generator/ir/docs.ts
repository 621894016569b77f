import type { SpecResource } from "../spec/spec.js";
import type { CallIr } from "./source-ir.js";

/** The documentation of a method: what it reads, then the request in one line. Paragraphs are parted by empty lines. */
export function methodDocs(resource: SpecResource, paginator: CallIr): string {
  const request = `\`${resource.method} ${resource.path}\`, ${paginator.phrase}.`;
  const auth = resource.auth === null ? " Sends no credentials." : "";
  return [resource.description, request + auth].filter(Boolean).join("\n\n");
}

/** The documentation of a record type: what it is and what identifies it. */
export function recordDocs(resource: SpecResource, description: string | undefined): string {
  const what = sentence(description ?? `A record of \`${resource.name}\``);
  if (resource.primaryKey.length === 0) return what;
  return `${what} Identified by ${resource.primaryKey.map((key) => `\`${key}\``).join(" and ")}.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
