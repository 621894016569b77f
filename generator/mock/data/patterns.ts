import { RegExpParser, type AST } from "@eslint-community/regexpp";

/** Chooses one of a number of possibilities, which are numbered from 0. */
export type Choose = (count: number) => number;

/** Creates a text that matches a pattern. `repeat` returns how much more often than necessary to repeat a part, at most. */
export type MakeMatch = (choose: Choose, repeat: (most: number) => number) => string;

/** A longer text is never needed. */
const maxLength = 10_000;

/**
 * Compiles a pattern to a function that creates texts which match it. Conditions on neighbouring text, such as `(?=a)` and
 * `\b`, are ignored, so callers check the text. Returns `undefined` if the pattern is invalid or matches nothing.
 */
export function compilePattern(pattern: string): MakeMatch | undefined {
  try {
    const parsed = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: true });
    const make = compileAlternatives(parsed.alternatives);
    return (choose, repeat) => make({ choose, repeat, groups: new Map() });
  } catch {
    return undefined;
  }
}

/** The state of one text. */
interface Run {
  readonly choose: Choose;
  readonly repeat: (most: number) => number;
  /** The texts of the groups so far, for references to them. */
  readonly groups: Map<AST.CapturingGroup, string>;
}

type Part = (run: Run) => string;

function compileAlternatives(alternatives: readonly AST.Alternative[]): Part {
  const parts = alternatives.map(({ elements }) => {
    const all = elements.map(compileElement);
    return (run: Run) => all.reduce((text, part) => text + part(run), "");
  });
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return (run) => parts[run.choose(parts.length)]?.(run) ?? "";
}

function compileElement(element: AST.Element): Part {
  switch (element.type) {
    case "Assertion":
      return () => "";
    case "Backreference":
      return ({ groups }) => [element.resolved].flat().reduce((text, one) => groups.get(one) ?? text, "");
    case "CapturingGroup": {
      const inner = compileAlternatives(element.alternatives);
      return (run) => {
        const text = inner(run);
        run.groups.set(element, text);
        return text;
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

function compileQuantifier({ min, max, element }: AST.Quantifier): Part {
  if (min > maxLength) throw new Error("the text would be too long");
  const inner = compileElement(element);
  return (run) => {
    const times = min + run.repeat(max - min);
    let text = "";
    for (let time = 0; time < times && text.length <= maxLength; time++) text += inner(run);
    return text;
  };
}

/** Compiles a set of characters to one of those that match it: letters and digits if the set only excludes some. */
function compileCharacter(node: Exclude<AST.Element, { type: "Assertion" | "Quantifier" }>): Part {
  if (node.type === "Character") {
    const text = String.fromCodePoint(node.value);
    return () => text;
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
  return ({ choose }) => found[choose(found.length)] ?? "";
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
