import { describe, expect, it } from "vitest";
import { originOf } from "../../../runtime/src/http/url.js";

describe("originOf", () => {
  const known = "https://api.example.com/v1/rows?page=1";
  const rows: readonly { readonly url: string; readonly want: string | undefined }[] = [
    { url: "https://api.example.com/", want: "https://api.example.com" },
    { url: "https://api.example.com", want: "https://api.example.com" },
    { url: "https://api.example.com/@evil.test/", want: "https://api.example.com" },
    { url: "https://api.example.com/\\evil.test", want: "https://api.example.com" },
    { url: "https://api.example.com.evil.test/v1", want: "https://api.example.com.evil.test" },
    { url: "https://api.example.com@evil.test/v1", want: undefined },
    { url: "https://api.example.com:8443/v1", want: "https://api.example.com:8443" },
    { url: "https://api.example.com:443/v1", want: "https://api.example.com" },
    { url: "http://api.example.com/v1", want: "http://api.example.com" },
    { url: "HTTPS://API.example.com/v1", want: "https://api.example.com" },
    { url: "https://api.example.com\t.evil.test/", want: "https://api.example.com.evil.test" },
    { url: "/v1/rows", want: undefined },
    { url: "", want: undefined },
  ];
  it.each(rows)("is the same after another URL of a known origin: $url", ({ url, want }) => {
    for (const before of [known, "http://other.test/", "data:,x"]) {
      originOf(before);
      expect(originOf(url)).toBe(want);
    }
  });
});
