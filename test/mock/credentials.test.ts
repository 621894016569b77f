import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import type { OptionIr, KindIr } from "../../generator/ir/source-ir.js";
import { compileCredentials } from "../../generator/mock/credentials.js";

function kind(type: string, options: Readonly<Record<string, OptionIr>> = {}, calls = {}): KindIr {
  return { type, factory: type, options, phrase: "", calls };
}

/** Returns the problem with the credentials of a request. */
function problem(auth: KindIr, headers: IncomingHttpHeaders = {}, query = ""): string | undefined {
  const check = compileCredentials(auth, { api_key: "k", token: "t" });
  return check.problem({ headers, query: new URLSearchParams(query) });
}

const oneOf = kind(
  "one_of",
  {},
  { token: kind("bearer"), key: kind("api_key", { name: "key", location: "query" }) },
);

describe("the mock's credentials", () => {
  const rows: readonly {
    name: string;
    auth: KindIr;
    good: IncomingHttpHeaders;
    bad: IncomingHttpHeaders;
    query?: string;
  }[] = [
    {
      name: "a key after its prefix",
      auth: kind("api_key", { prefix: "Token " }),
      good: { authorization: "Token k" },
      bad: { authorization: "Token " },
    },
    {
      name: "any OAuth token",
      auth: kind("oauth2_client_credentials"),
      good: { authorization: "Bearer any" },
      bad: { authorization: "Basic any" },
    },
    {
      name: "any refreshed token",
      auth: kind("oauth2_refresh_token"),
      good: { authorization: "bearer x" },
      bad: {},
    },
    { name: "any JWT", auth: kind("jwt"), good: { authorization: "Bearer a.b.c" }, bad: {} },
    {
      name: "any session token in its cookie",
      auth: kind("session_token", { name: "sid", location: "cookie" }),
      good: { cookie: "a=b; sid=x" },
      bad: { authorization: "x" },
    },
    {
      name: "a session token in the cookie that brought it",
      auth: kind("session_token", { tokenCookie: "sid" }),
      good: { cookie: "sid=x" },
      bad: { authorization: "x" },
    },
    {
      name: "a session token of a cookie under another name",
      auth: kind("session_token", { tokenCookie: "sid", name: "X-Session" }),
      good: { "x-session": "x" },
      bad: { cookie: "sid=x" },
    },
    {
      name: "one of two schemes",
      auth: oneOf,
      good: { authorization: "Bearer t" },
      bad: { authorization: "Bearer x" },
    },
  ];
  it.each(rows)("accept $name", ({ auth, good, bad }) => {
    expect(problem(auth, good)).toBeUndefined();
    expect(problem(auth, bad)).toMatch(/missing|invalid/);
  });

  it("accept any request if the mock cannot check it", () => {
    expect(problem(kind("custom"))).toBeUndefined();
    expect(problem(kind("api_key", { location: "body" }))).toBeUndefined();
  });

  it("mask and challenge a choice of schemes like each of them", () => {
    expect(problem(oneOf, {}, "key=k")).toBeUndefined();
    expect(problem(oneOf, {}, "key=x")).toContain("invalid");
    expect(compileCredentials(oneOf, {})).toMatchObject({ secretParam: "key", challenge: "Bearer" });
  });

  it("have a token endpoint if it is below the base URL", () => {
    const token = (auth: KindIr): unknown => compileCredentials(auth, {}).token;
    expect(token(kind("oauth2_client_credentials", { accessTokenUrl: "/token" }))).toEqual({
      path: "/token",
      body: { access_token: "mock-token", token_type: "bearer", expires_in: 3600 },
    });
    const session = token(
      kind("session_token", { loginUrl: "login", tokenPath: { selector: ["data", "token"] } }),
    );
    expect(session).toMatchObject({ path: "login", body: { data: { token: "mock-token" } } });
    expect(token(kind("session_token", { loginUrl: "in", tokenHeader: "X-Token" }))).toEqual({
      path: "in",
      body: {},
      headers: { "X-Token": "mock-token" },
    });
    expect(token(kind("session_token", { loginUrl: "in", tokenCookie: "sid" }))).toMatchObject({
      headers: { "Set-Cookie": expect.stringMatching(/^sid=mock-token;/) as string },
    });
    for (const tokenUrl of ["https://auth.test/token", "{secrets.url}"])
      expect(token(kind("oauth2_refresh_token", { tokenUrl }))).toBeUndefined();
    expect(token(kind("jwt"))).toBeUndefined();
  });
});
