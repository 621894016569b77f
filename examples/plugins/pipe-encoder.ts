import { fail, type JsonValue, type QueryEncoder } from "@connector-gen/runtime/plugin";

/** Writes lists in a query as one text: `tags=a|b`. */
export function pipeEncoder(): QueryEncoder {
  return {
    options: { separator: "|" },
    encode: (name, value) => {
      const items = [value].flat().filter((item: JsonValue) => item !== null);
      const texts = items.map((item: JsonValue) =>
        typeof item === "object" ? fail("INVALID_PARAMS", `\`${name}\` must not hold objects`) : String(item),
      );
      return texts.length > 0 ? [[name, texts.join("|")]] : [];
    },
  };
}
