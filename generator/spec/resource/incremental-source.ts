import type { Path, Report } from "../load/document.js";
import type { MergedResource } from "./origin.js";
import { isObject, objectOf, own } from "../values.js";
import { quote } from "../wording.js";

/** The block that makes a resource incremental. */
export interface IncrementalSource {
  readonly block: unknown;
  readonly path: Path;
  readonly at: (key: string) => Path;
}

/** Finds the block that makes a resource incremental. Reports additional blocks and older forms. */
export function sourceOf(merged: MergedResource, report: Report): IncrementalSource | undefined {
  const endpoint = own(merged.value, "endpoint");
  const block = own(endpoint, "incremental");
  const names = Object.entries(objectOf(own(endpoint, "params"))).flatMap(([name, value]) =>
    own(value, "type") === "incremental" ? [name] : [],
  );
  const first = isObject(block) ? undefined : names[0];
  const others = names.filter((name) => name !== first);
  for (const name of others) {
    const where = first === undefined ? '"incremental"' : quote(first);
    const message = `an endpoint has one incremental, and ${where} is one: remove this parameter, and write {incremental.start_value} where its value is needed`;
    report({ code: "conflicting-options", message, path: merged.at("endpoint", "params", name), at: "key" });
  }
  if (isObject(block)) {
    const at = (key: string): Path => merged.at("endpoint", "incremental", key);
    return { block, path: merged.at("endpoint", "incremental"), at };
  }
  if (first === undefined) return undefined;
  const path = merged.at("endpoint", "params", first);
  const message = `a parameter of type "incremental" is an older form: write "incremental" in the endpoint and "params": { ${quote(first)}: "{incremental.start_value}" }`;
  report({ severity: "warning", code: "older-spelling", message, path, at: "key" });
  // The grammar reports the keys that only the newer form has.
  const {
    start_param: _start,
    end_param: _end,
    end_value: _until,
    ...rest
  } = objectOf(own(own(endpoint, "params"), first));
  return { block: rest, path, at: (key) => [...path, key] };
}
