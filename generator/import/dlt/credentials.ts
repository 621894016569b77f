import type { JsonObject } from "@connector-gen/runtime";
import type { SyntaxNode } from "@lezer/common";
import { extractLiteralSecrets } from "../../spec/secrets.js";
import { authParameters, optionOf } from "./classes.js";
import { argumentsOf, assignmentOf, dictItemsOf, parametersOf, walk, type Span } from "../python/nodes.js";
import type { PythonSource } from "../python/parse.js";

/** Text that the spec's rules treat as a secret in any place where a secret may be. */
const probe = "a1b2c3d4e5f6a7b8c9d0";

/** Whether a header of this name carries a credential, by the spec's own rules. */
export function isCredentialHeader(name: string): boolean {
  return holdsSecret({ client: { headers: Object.fromEntries([[name, probe]]) } });
}

/** Whether a query parameter of this name carries a credential, by the spec's own rules. */
export function isCredentialParam(name: string): boolean {
  return holdsSecret({
    resource_defaults: { endpoint: { params: Object.fromEntries([[name, probe]]) } },
  });
}

/** Returns whether a key of an auth block is a secret, a credential that need not be secret, or neither. */
export function credentialOf(type: string, key: string): "secret" | "credential" | undefined {
  const option = optionOf("auth", type, key);
  if (option) return option.type === "secret" || option.type === "credential" ? option.type : undefined;
  if (/^(?:client_id|username)$/.test(key)) return "credential";
  return isSecretName(key) ? "secret" : undefined;
}

/** Whether a name in Python source or in a request body usually denotes a secret. */
export function isSecretName(name: string): boolean {
  return /(?:^|[_\-["'])(?:token|secret|password|passwd|pwd|passphrase|api_?-?key|access_?-?key|private_?-?key|authorization|credentials?)$/i.test(
    name,
  );
}

/** Finds string literals in the whole source that may be secrets by their names, so no code frame shows them. */
export function findSecretLiterals({ text, trees }: PythonSource): readonly Span[] {
  const literals: Span[] = [];
  for (const tree of trees)
    walk(tree.topNode, (node) => {
      for (const [name, value] of namedValues(node, text)) {
        if (value.name.endsWith("String") && isSecretName(name)) literals.push(value);
      }
      return undefined;
    });
  return literals;
}

/** Code before a literal that names an entry of a store, an environment variable or a scheme. */
const beforeName =
  /(?:\bgetenv|\benviron(?:\.get)?|\bsecrets(?:\.get)?|\bconfig(?:\.get)?|\b(?:get|read|fetch|load|lookup|access|retrieve|resolve)\w*)\s*[[(]\s*$|[\w\])]\[\s*$|["'](?:type|location|name|in)["']\s*:\s*$|\b(?:type|location|name)\s*=\s*$/;

/** Finds the literals in a credential's code that may be secrets: all except keys, names and words such as `Bearer`. */
export function findSecretStrings(
  code: string,
): readonly { readonly offset: number; readonly length: number }[] {
  return [...code.matchAll(/(?<prefix>[a-zA-Z]{0,2})("|')(?:\\.|(?!\2)[^\\])*\2/g)].flatMap((match) => {
    const prefix = match.groups?.["prefix"] ?? "";
    const literal = match[0].slice(prefix.length);
    const offset = match.index + prefix.length;
    const isKey = /^\s*:(?!=)/.test(code.slice(match.index + match[0].length));
    const isName = beforeName.test(code.slice(0, match.index));
    const known = /f/i.test(prefix) ? literal.replaceAll(/\{[^{}]*\}/g, "") : literal;
    const isWord = /^["'](?:(?:bearer|token|basic|api_?key|header|query|cookie)[ :]?)?\s*["']$/i.test(known);
    const isUrl = /^["']https?:\/\/[^@?\s]*["']$/i.test(literal);
    return isKey || isName || isWord || isUrl ? [] : [{ offset, length: literal.length }];
  });
}

/** Lists the names and values that a node assigns or passes. */
function namedValues(node: SyntaxNode, text: string): readonly (readonly [string, SyntaxNode])[] {
  const slice = ({ from, to }: Span): string => text.slice(from, to);
  switch (node.name) {
    case "DictionaryExpression":
      return dictItemsOf(node).flatMap(({ key, value }) =>
        key ? [[slice(key).replaceAll(/^\W+|\W+$/g, ""), value]] : [],
      );
    case "ParamList":
      return parametersOf(node, text).flatMap(({ name, default: value }) => (value ? [[name, value]] : []));
    case "AssignStatement": {
      const { targets, values } = assignmentOf(node);
      const [target] = targets[0] ?? [];
      // The name of `os.environ["API_KEY"]` is the key.
      return target && values[0] ? [[slice(target).replace(/["']\]$/, ""), values[0]]] : [];
    }
    case "ArgList": {
      // Constructors of credentials take secrets as positional arguments: `BearerTokenAuth("…")`.
      const callee = node.prevSibling ? slice(node.prevSibling) : "";
      const isCredentials = /auth|credential/i.test(callee);
      const known = authParameters(callee);
      return argumentsOf(node, text).map(({ name, value }, index) => [
        name ?? known?.[index] ?? (isCredentials ? "token" : ""),
        value,
      ]);
    }
    default:
      return [];
  }
}

function holdsSecret(spec: JsonObject): boolean {
  return extractLiteralSecrets(spec, "extract").secrets.length > 0;
}
