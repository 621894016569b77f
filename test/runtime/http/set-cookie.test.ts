import { describe, expect, it } from "vitest";
import { parseSetCookies } from "../../../runtime/src/http/set-cookie.js";

const now = Date.UTC(2024, 0, 1);

describe("a Set-Cookie header", () => {
  it.each([
    { header: "sid=abc", want: [["sid", "abc"]] },
    { header: " sid = abc ; Path=/", want: [["sid", "abc"]] },
    { header: 'sid="a b"', want: [["sid", '"a b"']] },
    { header: "sid=a=b==; HttpOnly", want: [["sid", "a=b=="]] },
    { header: "sid=", want: [["sid", ""]] },
    {
      header: "__Host-sid=1, b=2",
      want: [
        ["__Host-sid", "1"],
        ["b", "2"],
      ],
    },
    { header: "list=1,2,3=x; Path=/", want: [["list", "1,2,3=x"]] },
    {
      header:
        "a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT, b=2; Expires=Thu, 22-Oct-2099 07:28:00 GMT; Path=/, c=3",
      want: [
        ["a", "1"],
        ["b", "2"],
        ["c", "3"],
      ],
    },
    { header: "a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT", want: [["a", "1"]] },
    { header: null, want: [] },
    { header: "", want: [] },
    { header: "no cookie", want: [] },
    { header: "=value", want: [] },
    { header: `sid=${"x".repeat(5000)}`, want: [] },
    { header: "sid=a\u0000b", want: [] },
    { header: "sid=a\r\nX-Evil: 1", want: [] },
    { header: "sid=\u2028", want: [] },
  ])("$header is read", ({ header, want }) => {
    expect(parseSetCookies(header, now).map(({ name, value }) => [name, value])).toEqual(want);
  });

  it.each([
    { attributes: "", want: Infinity },
    { attributes: "Max-Age=60", want: now + 60_000 },
    { attributes: "max-age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", want: now + 60_000 },
    { attributes: "Max-Age=0", want: -Infinity },
    { attributes: "Max-Age=-1", want: -Infinity },
    { attributes: "Max-Age=soon", want: Infinity },
    { attributes: "Max-Age=1; Max-Age=2", want: now + 2000 },
    { attributes: "Expires=Wed, 21 Oct 2015 07:28:00 GMT", want: Date.UTC(2015, 9, 21, 7, 28) },
    { attributes: "expires=Wed, 21-Oct-2015 07:28:00 GMT", want: Date.UTC(2015, 9, 21, 7, 28) },
    { attributes: "Expires=Wednesday, 21-Oct-15 07:28:00 GMT", want: Date.UTC(2015, 9, 21, 7, 28) },
    { attributes: "Expires=Wed Oct 21 07:28:00 2015", want: Date.UTC(2015, 9, 21, 7, 28) },
    { attributes: "Expires=Wed, 21 Oct 2015 7:28:05 +0200", want: Date.UTC(2015, 9, 21, 7, 28, 5) },
    { attributes: "Expires=Thu, 01-Jan-70 00:00:00 GMT", want: 0 },
    { attributes: "Expires=Thu, 01-Jan-69 00:00:00 GMT", want: Date.UTC(2069, 0, 1) },
    { attributes: "Expires=0", want: Infinity },
    { attributes: "Expires=Wed, 32 Oct 2015 07:28:00 GMT", want: Infinity },
    { attributes: "Expires=Wed, 21 Oct 2015 25:28:00 GMT", want: Infinity },
    { attributes: "Expires=Wed, 21 Oct 2015", want: Infinity },
  ])("with $attributes ends when it says", ({ attributes, want }) => {
    expect(parseSetCookies(`sid=1; ${attributes}`, now)[0]?.expiresAt).toBe(want);
  });

  it("has a path and may need TLS", () => {
    const read = (attributes: string): unknown => parseSetCookies(`sid=1; ${attributes}`, now)[0];
    expect(read("Path=/v1; Secure")).toMatchObject({ path: "/v1", isSecure: true });
    expect(read("path=v1")).toMatchObject({ path: undefined, isSecure: false });
    expect(read("Domain=evil.example; SameSite=Lax")).toMatchObject({ path: undefined, isSecure: false });
  });
});
