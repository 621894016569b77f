/** Parses the status of a response action: `"404"` to 404, `"4XX"` to `"4xx"`, `"500-599"` unchanged. Returns `undefined` for any other text. */
export function parseStatus(text: string): number | string | undefined {
  if (/^[1-5]xx$/i.test(text)) return text.toLowerCase();
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  const [, from, to] = /^([1-5]\d\d)-([1-5]\d\d)$/.exec(text) ?? [];
  return from !== undefined && to !== undefined && Number(from) <= Number(to) ? text : undefined;
}
