/** Names that Windows reserves for devices, with any extension. Writing to `con.ts` there would write to the console. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** Maximum length of a source's name in file names. File systems allow 255 bytes, including extensions. */
const longest = 100;

/** Removes the accents of letters: `für` → `fur`, `Größe` → `Grosse`. */
export function withoutAccents(name: string): string {
  return name.normalize("NFKD").replaceAll("ß", "ss").replace(/\p{M}/gu, "");
}

/**
 * Returns the base of the file names of a source: `Learning platform` → `Learning-platform`, `Café` → `Cafe`. A reserved device name gets
 * a trailing underscore. Returns an empty text for a name without ASCII letters and digits.
 */
export function toFileBase(name: string): string {
  const base = withoutAccents(name)
    .split(/[^\w-]+/)
    .filter(Boolean)
    .join("-");
  const dashes = /^-*/.exec(base)?.[0].length ?? 0;
  let end = Math.min(base.length, dashes + longest);
  while (end > dashes && base[end - 1] === "-") end -= 1;
  const short = base.slice(dashes, end);
  return devices.test(short) ? `${short}_` : short;
}

/** Whether a text is the name of a file that connector-gen writes: `<base>.ts` or `<base>.schemas.ts`, without a folder. */
export function isModuleFile(text: string): boolean {
  const base = /^(\w[\w-]{0,200})(?:\.schemas)?\.ts$/.exec(text)?.[1];
  return base !== undefined && !devices.test(base);
}
