import { RegExpParser, type AST } from "@eslint-community/regexpp";

/** Chooses one of a number of possibilities, which are numbered from 0. */
export type Choose = (count: number) => number;

/**
 * Creates a text that matches a pattern. `repeat` returns how much more often than necessary to repeat a part, at most. A
 * sketch has a hole wherever the pattern allows almost any character.
 */
export type MakeMatch = (choose: Choose, repeat: (most: number) => number, form?: "sketch") => string;

/** Stands for any character in a sketch. It belongs to no script. */
const hole = "\uf8ff";

/** A longer text is never needed. */
const maxLength = 10_000;

/**
 * Compiles a pattern to a function that creates texts which match it. What a lookahead or a lookbehind requires is written
 * over the text. Other conditions on neighbouring text, such as `(?!a)` and `\b`, are ignored. So callers check the text.
 * Returns `undefined` if the pattern is invalid or matches nothing.
 */
export function compilePattern(pattern: string): MakeMatch | undefined {
  try {
    const parsed = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: true });
    const make = compileAlternatives(parsed.alternatives);
    return (choose, repeat, form) => {
      const run = { choose, repeat, isSketch: form === "sketch", groups: new Map(), text: "", required: [] };
      make(run);
      return finish(run);
    };
  } catch {
    return undefined;
  }
}

/** Writes a sketch over a text: at its start if the pattern is anchored there, otherwise at the end or anywhere. */
export function writeOver(
  text: string,
  sketch: string,
  { pattern, choose }: { pattern: string; choose: Choose },
): string {
  const room = Math.max(0, text.length - sketch.length);
  const at = pattern.startsWith("^") ? 0 : pattern.endsWith("$") ? room : choose(room + 1);
  return overwrite(text, { at, text: sketch });
}

/** A sketch of what a text must contain at a position. */
interface Required {
  readonly at: number;
  readonly text: string;
}

function overwrite(text: string, required: Required): string {
  const at = Math.max(0, required.at);
  const over = Array.from(required.text, (character, index) =>
    character === hole ? (text[at + index] ?? "") : character,
  );
  return text.slice(0, at) + over.join("") + text.slice(at + required.text.length);
}

function finish({ text, required }: Run): string {
  return required.reduce(overwrite, text);
}

/** The state of one text. */
interface Run {
  readonly choose: Choose;
  readonly repeat: (most: number) => number;
  readonly isSketch: boolean;
  /** The texts of the groups so far, for references to them. */
  readonly groups: Map<AST.CapturingGroup, string>;
  /** The text so far. */
  text: string;
  /** What lookaheads and lookbehinds require. */
  readonly required: Required[];
}

/** Appends to the text. */
type Part = (run: Run) => void;

function compileAlternatives(alternatives: readonly AST.Alternative[]): Part {
  const parts = alternatives.map(({ elements }) => {
    const all = elements.map(compileElement);
    return (run: Run) => {
      for (const part of all) part(run);
    };
  });
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return (run) => parts[run.choose(parts.length)]?.(run);
}

function compileElement(element: AST.Element): Part {
  switch (element.type) {
    case "Assertion":
      return compileAssertion(element);
    case "Backreference":
      return (run) => {
        run.text += [element.resolved].flat().reduce((text, one) => run.groups.get(one) ?? text, "");
      };
    case "CapturingGroup": {
      const inner = compileAlternatives(element.alternatives);
      return (run) => {
        const start = run.text.length;
        inner(run);
        run.groups.set(element, run.text.slice(start));
      };
    }
    case "Group":
      return compileAlternatives(element.alternatives);
    case "Quantifier":
      return compileQuantifier(element);
    default:
      return compileCharacter(element);
  }
}

function compileAssertion(assertion: AST.Assertion): Part {
  if (!("alternatives" in assertion) || assertion.negate) return () => undefined;
  const inner = compileAlternatives(assertion.alternatives);
  const isBehind = assertion.kind === "lookbehind";
  return (run) => {
    const own: Run = { ...run, isSketch: true, text: "", required: [] };
    inner(own);
    const text = finish(own);
    run.required.push({ at: run.text.length - (isBehind ? text.length : 0), text });
  };
}

function compileQuantifier({ min, max, element }: AST.Quantifier): Part {
  if (min > maxLength) throw new Error("the text would be too long");
  const inner = compileElement(element);
  return (run) => {
    const times = min + run.repeat(max - min);
    for (let time = 0; time < times && run.text.length <= maxLength; time++) inner(run);
  };
}

/** Compiles a set of characters to one of those that match it: letters and digits if the set only excludes some. */
function compileCharacter(node: Exclude<AST.Element, { type: "Assertion" | "Quantifier" }>): Part {
  if (node.type === "Character") {
    const text = String.fromCodePoint(node.value);
    return (run) => {
      run.text += text;
    };
  }
  const pattern = new RegExp(`^(?:${node.raw})$`, "u");
  const isOpen =
    (node.type === "CharacterClass" && node.negate) ||
    node.type === "CharacterSet" ||
    /\\[SWDP]/.test(node.raw);
  const named = node.type === "CharacterClass" ? node.elements.flatMap(endsOf) : [];
  const sets = [...(isOpen ? [lettersAndDigits] : []), printable, [...others(), ...named]];
  const found = sets.map((set) => set.filter((text) => pattern.test(text))).find((set) => set.length > 0);
  if (!found) throw new Error(`no character matches ${node.raw}`);
  // A set that matches a character of another script excludes only some.
  const isHole = pattern.test(hole);
  return (run) => {
    run.text += run.isSketch && isHole ? hole : (found[run.choose(found.length)] ?? "");
  };
}

/** Returns the characters that a set names. */
function endsOf(element: AST.CharacterClassElement): readonly string[] {
  if (element.type === "Character") return [String.fromCodePoint(element.value)];
  if (element.type !== "CharacterClassRange") return [];
  return [element.min, element.max].map(({ value }) => String.fromCodePoint(value));
}

function charactersBetween(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));
}

const printable = charactersBetween(0x20, 0x7e);
const lettersAndDigits = printable.filter((text) => /[A-Za-z0-9]/.test(text));

/** Control characters, and the scripts that patterns usually name. */
function others(): readonly string[] {
  return [
    ...charactersBetween(0, 0x1f),
    ...charactersBetween(0xa0, 0x1fff),
    ...charactersBetween(0x3040, 0x30ff),
    ...charactersBetween(0x4e00, 0x4eff),
    ...charactersBetween(0xac00, 0xacff),
    ...charactersBetween(0x1f600, 0x1f64f),
  ];
}

/**
 * Chooses by a number: different numbers make different choices, as long as there are enough possibilities. The choices
 * look random, because each one also depends on those before it.
 */
export function chooseByNumber(number: number, hash: number): Choose {
  let rest = number;
  let before = hash;
  return (count) => {
    const choice = ((rest % count) + (before % count)) % count;
    rest = Math.floor(rest / count);
    before = (Math.imul(before ^ (choice + 1), 0x9e3779b1) ^ (before >>> 15)) >>> 0;
    return choice;
  };
}
