import type { SpecDecoder, SpecEncoding } from "../spec.js";
import { given, listOf, own, textOf } from "../values.js";

/** How a resource's requests and responses are written. */
export interface Wire {
  readonly encode?: SpecEncoding;
  readonly decode?: SpecDecoder;
  readonly selectRequired: boolean;
}

/** Reads how requests and responses are written: what the endpoint leaves out, the client says. */
export function readWire(endpoint: unknown, client: unknown): Wire {
  const either = (key: string): unknown => own(endpoint, key) ?? own(client, key);
  const encode = given({
    arrays: oneOf(["repeat", "comma", "brackets", "indices"] as const, either("array_format")),
    objects: oneOf(["json", "deep", "brackets"] as const, either("object_format")),
  });
  return {
    ...(Object.keys(encode).length > 0 && { encode }),
    ...given({ decode: readDecoder(own(endpoint, "decoder")) }),
    selectRequired: either("data_selector_required") !== false,
  };
}

function readDecoder(raw: unknown): SpecDecoder | undefined {
  const type = typeof raw === "string" ? raw : own(raw, "type");
  if (type === "jsonl") return { type };
  if (type !== "csv") return undefined;
  const columns = own(raw, "columns") ?? undefined;
  return {
    type,
    ...given({
      delimiter: textOf(own(raw, "delimiter")),
      columns: columns === undefined ? undefined : listOf(columns).flatMap((name) => textOf(name) ?? []),
    }),
  };
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}
