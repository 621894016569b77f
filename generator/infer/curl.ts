import { basicHeader, parseHeader, type RequestSample } from "./request-sample.js";

/** Options of curl with a value that does not change the request. */
const ignoredWithValue = new Set(
  (
    "-o --output -m --max-time --connect-timeout --retry --retry-delay -w --write-out --cacert -E --cert --key -x --proxy " +
    "--resolve -c --cookie-jar -D --dump-header --limit-rate -r --range -T --upload-file"
  ).split(" "),
);

/** Short options of curl that take a value. */
const shortWithValue = /^-[HXdubAeomwExcDrT]/;

/** Whether a text is a curl command. */
export function isCurl(text: string): boolean {
  return /^\s*curl\s/.test(text);
}

/** Reads a curl command in a form that API documentation uses. Returns the problem if the command has another form. */
export function parseCurl(text: string): RequestSample | string {
  const words = splitWords(text.replaceAll(/\\\r?\n/g, " "));
  if (typeof words === "string") return words;
  const state: State = { headers: [], data: [], urls: [] };
  for (let at = 1; at < words.length; at++) {
    const [option, inline] = toOption(words[at] ?? "");
    if (option === undefined) state.urls.push(inline);
    else if (takesValue(option)) {
      const value = inline === "" ? (words[(at += 1)] ?? "") : inline;
      const problem = readOption(option, value, state);
      if (problem !== undefined) return problem;
    } else if (option === "-G" || option === "--get") state.isGet = true;
    else if (option === "-I" || option === "--head") state.method = "HEAD";
  }
  return toSample(state);
}

interface State {
  readonly headers: (readonly [string, string])[];
  readonly data: string[];
  readonly urls: string[];
  method?: string;
  isGet?: boolean;
}

/** Splits a word into option and value: `-XPOST`, `--request=POST`. A word without an option is a URL. */
function toOption(word: string): readonly [option: string | undefined, value: string] {
  if (word.startsWith("--")) {
    const [, name = word, value = ""] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    return [name, value];
  }
  if (!word.startsWith("-") || word.length < 2) return [undefined, word];
  return shortWithValue.test(word) ? [word.slice(0, 2), word.slice(2)] : [word, ""];
}

const used = new Set(
  (
    "-H --header -X --request -d --data --data-raw --data-binary --data-ascii --data-urlencode --json -u --user -b --cookie " +
    "-A --user-agent -e --referer --url --oauth2-bearer"
  ).split(" "),
);

function takesValue(option: string): boolean {
  return used.has(option) || ignoredWithValue.has(option);
}

function readOption(option: string, value: string, state: State): string | undefined {
  switch (option) {
    case "-H":
    case "--header": {
      const header = parseHeader(value);
      if (!header) return "a header of the curl command has no colon";
      state.headers.push(header);
      return undefined;
    }
    case "-X":
    case "--request":
      state.method = value.toUpperCase();
      return undefined;
    case "-u":
    case "--user":
      state.headers.push(basicHeader(value));
      return undefined;
    case "--oauth2-bearer":
      state.headers.push(["Authorization", `Bearer ${value}`]);
      return undefined;
    case "-b":
    case "--cookie":
      state.headers.push(["Cookie", value]);
      return undefined;
    case "--url":
      state.urls.push(value);
      return undefined;
    default:
      return readData(option, value, state);
  }
}

function readData(option: string, value: string, state: State): string | undefined {
  if (!/^(-d|--data|--json)/.test(option)) return undefined;
  if (value.startsWith("@") && option !== "--data-raw")
    return `${option} @file is not supported: pass the URL, -X and -d to connector-gen instead of the curl command`;
  state.data.push(value);
  return undefined;
}

function toSample({ headers, data, urls, method, isGet = false }: State): RequestSample | string {
  const [first, ...others] = urls;
  if (first === undefined) return "the curl command has no URL";
  if (others.length > 0) return "the curl command has several URLs; pass one curl command for each";
  const address = /^[a-z]+:\/\//i.test(first) ? first : `https://${first}`;
  if (!URL.canParse(address)) return "the URL of the curl command is not valid";
  const url = new URL(address);
  const body = data.join("&");
  if (isGet) for (const [name, value] of new URLSearchParams(body)) url.searchParams.append(name, value);
  const hasBody = data.length > 0 && !isGet;
  return { method: method ?? (hasBody ? "POST" : "GET"), url, headers, ...(hasBody && { body }) };
}

/** Splits a command into words as a POSIX shell does, without expanding anything. */
function splitWords(text: string): readonly string[] | string {
  const words: string[] = [];
  let word: string | undefined;
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)/y;
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text);
    if (!match) return "the curl command has a quote that does not end";
    const [whole, single, double, escaped, plain] = match;
    if (/^\s+$/.test(whole)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else
      word = (word ?? "") + (single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "");
  }
  return word === undefined ? words : [...words, word];
}
