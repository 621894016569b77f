import { platform } from "../platform.js";
import { fold, formsOf, levelsOf, shortest, toBytes, type SecretForm } from "./secret-forms.js";

/** The text that replaces a secret. */
export const redacted = "[redacted]";

/** The properties of a secret besides its value. */
export interface SecretOptions {
  /** The name of its placeholder: `secrets.api_key`. */
  readonly name?: string | undefined;
  /** Its group. The secret is dropped after many newer ones in the same group. Default: its name. */
  readonly pool?: string;
  /** Whether the user gave it as a value. Other secrets, such as tokens, are dropped after many newer ones. */
  readonly isGiven?: boolean;
  /** Whether it may not be a secret, such as the name of a tenant. `isSecret` ignores it. */
  readonly isWeak?: boolean;
}

/**
 * Removes secrets from texts by value, in every spelling in which they may occur. Applied only to texts from outside:
 * URLs, headers, bodies, causes, and the parts of messages marked by `foreign`.
 */
export interface Redactor {
  /** Adds a secret. */
  readonly add: (secret: string, options?: SecretOptions) => void;
  /** Returns the placeholder of a secret: `secrets.api_key`. */
  readonly nameOf: (secret: string) => string | undefined;
  /** Whether a text contains a secret of at least eight characters. A shorter one may occur by chance. */
  readonly isSecret: (text: string) => boolean;
  /** Returns the text without secrets. A secret under eight characters is removed only if it is a whole value. */
  readonly clean: (text: string) => string;
}

/** The maximum number of secrets per group, such as expired tokens. */
const maxForgettable = 256;

/** The forms of each secret in a group. */
type Pool = Map<string, readonly SecretForm[]>;

/** Creates a redactor without secrets. */
export function createRedactor(): Redactor {
  const given: Pool = new Map();
  // The names of the other groups begin with a dot.
  const pools = new Map<string, Pool>([["", given]]);
  const names = new Map<string, string>();
  let index = addForms([]);
  return {
    nameOf: (secret) => names.get(secret),
    isSecret: (text) => findSecrets(text, index).some(({ isSure }) => isSure),
    clean: (text) => replace(text, findSecrets(text, index)),
    add: (secret, { name = "", isGiven = false, isWeak = false, pool: group } = {}) => {
      if (!secret) return;
      if (name) names.set(secret, name);
      const before = given.get(secret);
      if (before && (isWeak || !before[0]?.isWeak)) return;
      const key = isGiven ? "" : `.${group ?? (isWeak ? "weak" : name)}`;
      const pool = pools.get(key) ?? new Map<string, readonly SecretForm[]>();
      pools.set(key, pool);
      const known = isGiven ? undefined : pool.get(secret);
      const forms = known ?? formsOf(secret).map((form) => ({ ...form, isWeak }));
      if (!known) addForms(forms, index);
      // The latest secret is last. Current secrets are added again and again, so the first ones are no longer in use.
      pool.delete(secret);
      pool.set(secret, forms);
      if (isGiven || pool.size <= maxForgettable) return;
      for (const old of [...pool.keys()].slice(0, maxForgettable / 2)) {
        pool.delete(old);
        names.delete(old);
      }
      index = addForms([...pools.values()].flatMap((kept) => [...kept.values()].flat()));
    },
  };
}

/** A part of a text, as positions in its bytes. */
interface Span {
  readonly start: number;
  end: number;
  /** `false` for short, weak and truncated secrets, which a text may match by chance. */
  readonly isSure: boolean;
}

/** The forms of all secrets, for one pass over a text. */
interface Index {
  /** The forms that are shorter than a head. */
  readonly short: SecretForm[];
  readonly byHead: Map<string, SecretForm[]>;
  /** 1 at the hash of each head. Only positions with such a hash are compared. */
  readonly filter: Uint8Array;
}

/** Returns the hash of the eight characters that end with this one, from the previous hash. */
function roll(hash: number, text: string, at: number): number {
  return ((hash << 2) ^ text.charCodeAt(at)) & 0xffff;
}

/** Adds forms to an index. Default: to a new one. */
function addForms(
  forms: readonly SecretForm[],
  index: Index = { short: [], byHead: new Map(), filter: new Uint8Array(0x10000) },
): Index {
  const { short, byHead, filter } = index;
  for (const form of forms) {
    const { head } = form;
    let hash = 0;
    for (let at = 0; at < head.length; at++) hash = roll(hash, head, at);
    filter[hash] = 1;
    if (head.length < shortest) short.push(form);
    const alike = byHead.get(head) ?? [];
    alike.push(form);
    byHead.set(head, alike);
  }
  return index;
}

/** Finds secrets in a text and in its unescaped forms. */
function findSecrets(text: string, index: Index): readonly Span[] {
  if (!text || !index.byHead.size) return [];
  const spans: Span[] = [];
  for (const level of levelsOf(text)) {
    const folded = fold(level.text);
    for (const [form, starts] of findHeads(folded, index))
      for (const { start, end, isSure } of findForm(folded, form, starts))
        spans.push({ start: level.at(start), end: level.at(end), isSure });
  }
  return spans;
}

/** Finds the positions at which each form may begin. */
function findHeads(
  text: string,
  { short, byHead, filter }: Index,
): ReadonlyMap<SecretForm, readonly number[]> {
  const found = new Map<SecretForm, number[]>();
  const add = (form: SecretForm, start: number): void => {
    const starts = found.get(form);
    if (starts) starts.push(start);
    else found.set(form, [start]);
  };
  for (const form of short)
    for (let at = text.indexOf(form.text); at >= 0; at = text.indexOf(form.text, at + 1)) add(form, at);
  let hash = 0;
  for (let at = 0; at < text.length; at++) {
    hash = roll(hash, text, at);
    if (!filter[hash] || at + 1 < shortest) continue;
    const start = at + 1 - shortest;
    for (const form of byHead.get(text.slice(start, at + 1)) ?? []) add(form, start);
  }
  return found;
}

/** Finds one spelling in linear time (Knuth, Morris and Pratt). Merges overlapping matches. */
function findForm(
  text: string,
  { text: secret, before, after, isWeak = false }: SecretForm,
  starts: readonly number[],
): readonly Span[] {
  /** For each prefix of the secret: the length of the longest shorter prefix that it ends with. */
  const borders = [0];
  const extend = (matched = 0, character?: string): number => {
    let n = matched;
    while (n && secret[n] !== character) n = borders[n - 1] ?? 0;
    return secret[n] === character ? n + 1 : 0;
  };
  for (let i = 1; i < secret.length; i++) borders.push(extend(borders[i - 1], secret[i]));
  const { length } = text;
  // A text may also be cut inside an escape or a character.
  const isCutAt = (end: number): boolean =>
    end === length || (end > length - 6 && /[%&\\\xef]/.test(text.charAt(end)));
  const spans: Span[] = [];
  let cut: number | undefined;
  let matched = 0;
  let next = 0;
  for (let end = 0; end <= length; end++) {
    // Skips to the next position at which the secret may begin.
    if (!matched) {
      while ((starts[next] ?? Infinity) < end) next++;
      end = starts[next] ?? Infinity;
    }
    if (end > length) break;
    const start = end - matched;
    // Base64 also has padding, and characters that depend on both the secret and its neighbours.
    const from = start && before ? start - 1 : start;
    const isLong = matched >= shortest;
    if (matched < secret.length) {
      if (isLong && isCutAt(end)) cut = from;
    } else if (isLong || isValue(text, start, end)) {
      cut = undefined;
      const rest = after ? /^[a-z\d/ ]?={0,2}/.exec(text.slice(end, end + 3)) : null;
      const last = spans.at(-1);
      const span = last && start < last.end ? last : { start: from, end, isSure: isLong && !isWeak };
      span.end = end + (rest?.[0].length ?? 0);
      if (span !== last) spans.push(span);
    }
    matched = extend(matched, text[end]);
  }
  return cut === undefined ? spans : [...spans, { start: cut, end: length, isSure: false }];
}

/** Whether a part of a text is a whole value: between quotes, after `=`, before `&`, or the whole text. */
function isValue(text: string, start: number, end: number): boolean {
  return (
    /^["'=]?$/.test(text.slice(Math.max(0, start - 1), start)) && /^["'&]?$/.test(text.slice(end, end + 1))
  );
}

const decoder = /* @__PURE__ */ new platform.TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

function replace(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const bytes = toBytes(text);
  let result = "";
  let done = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start >= done) result += decoder.decode(bytes.subarray(done, start)) + redacted;
    done = Math.max(done, end);
  }
  return result + decoder.decode(bytes.subarray(done));
}

/** Headers that contain no credentials. */
const plainHeader =
  /^(accept|content-|user-agent$|prefer$|if-|cache-|range$|date$|host$|origin$|referer$|traceparent$|x-request-id$)|version/i;
const credentialHeader = /auth|cookie|token|key|secret|session|sid$|pass|cred|sign|jwt/i;

/** Adds the values of headers from options as secrets, unless their names show that they contain no credentials. */
export function addHeaders(
  { add }: Redactor,
  headers: Readonly<Record<string, unknown>> = {},
  options: SecretOptions = {},
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string" || plainHeader.test(name)) continue;
    // A value such as `2024-01-01` or the name of a tenant may be part of a link. Without it, the link would lead to another
    // page.
    const isWeak = !credentialHeader.test(name) && !/^(?=.*\d)(?=.*[a-z]).{16,}$/i.test(value);
    // The secret follows the name of a scheme: `Bearer …`. A cookie is `name=secret`.
    const parts = [
      value,
      value.replace(/^\S+ +/, ""),
      ...value.split("; ").map((pair) => pair.replace(/^[^=]*=/, "")),
    ];
    for (const part of parts) if (part.length >= shortest) add(part, { ...options, isWeak });
  }
}
