/** The position up to which a text has been read. */
export interface TextReader {
  readonly text: string;
  at: number;
  /** False from the first unknown text on. */
  isKnown: boolean;
}

/** Creates a reader at the start of a text. */
export function createTextReader(text: string): TextReader {
  return { text, at: 0, isKnown: true };
}

/** Whether the whole text has been read and is known. */
export function isComplete({ text, at, isKnown }: TextReader): boolean {
  return isKnown && at === text.length;
}

/** Reads the text that a sticky pattern finds. Returns `undefined` if it finds none. */
export function match(reader: TextReader, form: RegExp): string | undefined {
  form.lastIndex = reader.at;
  const found = form.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

/** Reads a text if it is next. Returns whether it is. */
export function accept(reader: TextReader, text: string): boolean {
  if (!reader.text.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

/** Reads a text that must be next. */
export function expect(reader: TextReader, text: string): void {
  if (!accept(reader, text)) reader.isKnown = false;
}

/** Reads a string that prettier leaves unchanged: in double quotes, without escaped quotes. */
export function matchString(reader: TextReader): string | undefined {
  return match(reader, stringForm);
}

/** Reads a number that prettier leaves unchanged: without an exponent. */
export function matchNumber(reader: TextReader): string | undefined {
  return match(reader, numberForm);
}

const stringForm = /"(?:[^"\\]|\\(?:[\\bfnrt]|u[\da-fA-F]{4}))*"/y;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?(?![\w.])/y;
