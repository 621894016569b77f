const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/**
 * Whether a key of an object identifies a record instead of naming a field: a number, a UUID, a date, an email address or
 * a generated id such as `cus_9s6XKzkNRlz8i3`.
 */
export function isIdLike(key: string): boolean {
  if (/^\d+$/.test(key) || /^\d{4}-\d\d(-\d\d)?(T|$)/.test(key)) return true;
  if (uuid.test(key) || /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(key)) return true;
  // Push ids of Firebase, and URLs.
  if (/^-[\w-]{19}$/.test(key) || /^https?:\/\//.test(key)) return true;
  const tail = /^(?:[a-z]{1,8}[_-]|-)?([A-Za-z\d_-]{12,})$/.exec(key)?.[1] ?? "";
  const digits = tail.replaceAll(/\D/g, "").length;
  // Requires hexadecimal digits, or digits between letters: `sha256` and `address2` are names.
  return digits >= 2 && (/^[\da-f]+$/i.test(tail) || /\d[A-Za-z]+\d/.test(tail));
}
