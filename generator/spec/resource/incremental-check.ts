import type { Path, Report } from "../load/document.js";
import { placeholdersOf, parseTemplate } from "../template/placeholders.js";
import type { SpecIncremental } from "../spec.js";
import { quote } from "../wording.js";

type Part = Omit<SpecIncremental, "serverFilter">;

interface Place {
  readonly report: Report;
  readonly at: (key: string) => Path;
}

/** Reports options of `incremental` that cannot work together. */
export function checkIncremental(part: Part, { report, at }: Place): void {
  const { initial, end, lastValue, window } = part;
  const conflict = (key: string, message: string): void =>
    report({ code: "conflicting-options", message, path: at(key), at: "key" });
  if (end !== undefined && initial === undefined) {
    conflict("end_value", "end_value needs initial_value: a range that ends somewhere starts somewhere");
  } else if (isFixed(initial) && isFixed(end)) {
    if (typeof initial !== typeof end) {
      conflict(
        "end_value",
        "initial_value and end_value cannot be compared: write both as text or both as numbers",
      );
    } else if (lastValue === "max" ? initial > end : initial < end) {
      const order = lastValue === "max" ? "behind" : "before (last_value_func is min)";
      conflict(
        "end_value",
        `initial_value ${show(initial)} is ${order} end_value ${show(end)}: nothing is between them`,
      );
    }
  }
  if (window === undefined) return;
  if (initial === undefined) conflict("window", "window needs initial_value: the first slice starts there");
  if (lastValue === "min")
    conflict("window", "window goes from older to newer: it cannot be used with last_value_func min");
}

/** Reports what only shows once the requests are known: slices that nobody asks for, an order that nobody has. */
export function checkRange(
  part: Part,
  { report, at, names, isChild }: Place & { names: (placeholder: string) => boolean; isChild: boolean },
): void {
  if (part.rowOrder !== undefined && isChild) {
    const message =
      "row_order is for resources that no other is the parent of: every parent's children start anew";
    report({ code: "conflicting-options", message, path: at("row_order"), at: "key" });
  }
  const missing = ["start_value", "end_value"]
    .map((name) => `incremental.${name}`)
    .filter((name) => !names(name));
  if (part.window === undefined || missing.length === 0) return;
  const lacking = missing.map((name) => `{${name}}`).join(" and ");
  const message = `window asks for one slice after the other, but the request does not name ${lacking}`;
  report({ code: "conflicting-options", message, path: at("window"), at: "key" });
}

function isFixed(value: unknown): value is string | number {
  if (typeof value === "number") return true;
  return typeof value === "string" && placeholdersOf(parseTemplate(value).parts).length === 0;
}

function show(value: string | number): string {
  return typeof value === "string" ? quote(value) : String(value);
}
