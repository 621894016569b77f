import { count } from "../detect/finding.js";
import type { InferredSchema } from "./infer-schema.js";
import type { Note } from "./to-schema.js";

/** Maximum number of notes to show for one resource. */
const maxNotes = 10;

/** Describes the fields of a schema: `14 from 50 records: 11 always present, 2 sometimes null, 1 sometimes missing`. */
export function describeFields({ records, fields }: Pick<InferredSchema, "records" | "fields">): string {
  const { all, present, nullable, missing } = fields;
  const parts = [
    ...(present > 0 ? [`${present} always present`] : []),
    ...(nullable > 0 ? [`${nullable} sometimes null`] : []),
    ...(missing > 0 ? [`${missing} sometimes missing`] : []),
  ];
  return `${all} from ${count(records, "record")}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`;
}

/** Formats notes, one line each. Names in a response must not control the terminal. */
export function formatNotes(notes: readonly Note[]): readonly string[] {
  const lines = notes.slice(0, maxNotes).map(({ path, text }) => `${path || "record"}: ${text}`);
  const more = notes.length - lines.length;
  return more > 0 ? [...lines, `… ${count(more, "more note")}`] : lines;
}
