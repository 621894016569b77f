import { isIdLike } from "../detect/id-like.js";

/** The different texts of one field. The collection is emptied and closed when they cannot be the values of an enum. */
export interface Texts {
  /** Number of occurrences by text, in order of first appearance. */
  readonly counts: Map<string, number>;
  /** Whether one text was too long, or there were too many texts. */
  isFree: boolean;
}

/** Maximum number of different texts of an enum. */
const maxTexts = 16;

/** Creates an empty collection. */
export function createTexts(): Texts {
  return { counts: new Map(), isFree: false };
}

/** Adds a text. */
export function addText(texts: Texts, text: string, times = 1): void {
  if (texts.isFree) return;
  texts.counts.set(text, (texts.counts.get(text) ?? 0) + times);
  if (texts.counts.size > maxTexts || !isWord(text)) freeTexts(texts);
}

/** Marks texts as free, so they are not an enum. */
export function freeTexts(texts: Texts): void {
  texts.isFree = true;
  texts.counts.clear();
}

/** Adds the texts of another collection. */
export function mergeTexts(into: Texts, from: Texts): void {
  if (from.isFree) freeTexts(into);
  for (const [text, times] of from.counts) addText(into, text, times);
}

/** Whether a text may be a word of an API: short, without sentences, ids and generated values. */
function isWord(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_.:/+-]{0,39}( [\p{L}\p{N}_-]{1,20}){0,2}$/u.test(text) && !isIdLike(text);
}

/** The values of an enum that follow from texts. */
export interface TextEnum {
  readonly values: readonly string[];
  /** Whether other values are possible. */
  readonly isOpen: boolean;
  /** Number of texts that show it. */
  readonly texts: number;
}

/** Names of fields, in words, whose texts the API defines, not its users. */
const closedNames =
  /(^| )(status|state|type|kind|role|level|mode|method|direction|visibility|priority|gender|plan|tier|stage|phase|reason|interval|period|frequency|severity|action|event|channel|scope|access|availability|condition|outcome|result|unit|source|origin)$/;

/** Names of fields, in words, whose texts come from a standard list, such as currencies. Records show only some of them. */
const standardNames =
  /(^| )(currency|country|language|locale|lang|time zone|timezone|region|nationality)( code)?$/;

/** Names of fields, in words, whose texts users choose, however often some of them repeat. */
const ownNames =
  /(^| )(id|uuid|guid|sid|slug|username|user name|login|email|title|summary|subject|(first|last|full|nick|display) name)$|^name$/;

/**
 * Returns the enum that texts show; `undefined` if there are too few of them, too many different ones, or only one. The
 * enum is closed only if many texts show each value, and if the field has a typical name of an enum.
 */
export function enumOf({ counts, isFree }: Texts, words: string): TextEnum | undefined {
  if (standardNames.test(words) || ownNames.test(words)) return undefined;
  const values = [...counts.keys()];
  const least = Math.min(...counts.values());
  const texts = [...counts.values()].reduce((sum, times) => sum + times, 0);
  if (isFree || values.length < 2 || texts < 20 || texts < 4 * values.length || least < 2) return undefined;
  const isSure = texts >= 100 && texts >= 15 * values.length && least >= 5;
  return { values, isOpen: !isSure || !closedNames.test(words), texts };
}
