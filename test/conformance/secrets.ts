import type { JsonValue } from "@connector-gen/runtime";
import { extractLiteralSecrets } from "../../generator/spec/secrets.js";

/** A config without secrets, and the secrets by the names of their placeholders. */
export interface Extracted {
  readonly config: JsonValue;
  readonly secrets: ReadonlyMap<string, string>;
}

/** Replaces each literal secret with `{secrets.name}`, by the generator's rules. */
export function extractSecrets(config: JsonValue): Extracted {
  const { value } = extractLiteralSecrets(config, "extract");
  const secrets = new Map<string, string>();
  collect(config, value, secrets);
  return { config: value, secrets };
}

/** Compares both configs: where the texts differ, a placeholder has replaced a secret. */
function collect(before: unknown, after: unknown, secrets: Map<string, string>): void {
  if (typeof before === "string" && typeof after === "string") {
    const placeholder = /\{secrets\.(\w+)\}/.exec(after);
    if (before === after || !placeholder) return;
    const [whole, name = ""] = placeholder;
    const rest = after.length - placeholder.index - whole.length;
    secrets.set(name, before.slice(placeholder.index, before.length - rest));
    return;
  }
  if (typeof before !== "object" || before === null || typeof after !== "object" || after === null) return;
  for (const [key, value] of Object.entries(before)) {
    collect(value, (after as Readonly<Record<string, unknown>>)[key], secrets);
  }
}
