import type { JsonObject } from "@connector-gen/runtime";

import { findKind, rowsOf } from "../../spec/kinds.js";
import { extractLiteralSecrets } from "../../spec/secrets.js";

/** Text that is taken for a secret wherever one can stand. */
const PROBE = "a1b2c3d4e5f6a7b8c9d0";

/** Whether a header of this name carries a credential. The spec's own rule decides: it is asked with a probe. */
export function isCredentialHeader(name: string): boolean {
  return holdsSecret({ client: { headers: Object.fromEntries([[name, PROBE]]) } });
}

/** Whether a query parameter of this name carries a credential. */
export function isCredentialParam(name: string): boolean {
  return holdsSecret({
    resource_defaults: { endpoint: { params: Object.fromEntries([[name, PROBE]]) } },
  });
}

/** Whether a key of an auth block holds a credential: a secret, or a name that goes with one. */
export function credentialOf(type: string, key: string): "secret" | "credential" | undefined {
  const kind = findKind("auth", type);
  const option = kind && rowsOf(kind).find((row) => row.key === key)?.option;
  if (option) return option.type === "secret" || option.type === "credential" ? option.type : undefined;
  if (/^(?:client_id|username)$/.test(key)) return "credential";
  return isSecretName(key) ? "secret" : undefined;
}

/** Whether a name in Python source, or in a request body, is one that secrets are kept under. */
export function isSecretName(name: string): boolean {
  return /(?:^|[_-])(?:token|secret|password|passwd|pwd|passphrase|api_?-?key|access_?-?key|private_?-?key|authorization|credentials?)$/i.test(
    name,
  );
}

function holdsSecret(spec: JsonObject): boolean {
  return extractLiteralSecrets(spec, "extract").secrets.length > 0;
}
