import type { Endpoint } from "./api.js";

const masked = "***";

/** The path and query of a request with `***` in place of everything that carries a secret. */
export function maskUrl(url: URL, endpoint: Endpoint | undefined, all: readonly Endpoint[]): string {
  // Of a request that leads nowhere, nothing is known: what is secret anywhere is masked.
  const names = new Set((endpoint ? [endpoint] : all).flatMap(secretParams));
  const pairs = [...url.searchParams].map(([name, value]) => [name, names.has(name) ? masked : value]);
  const query = pairs
    .map(([name, value]) => `${encode(name)}=${value === masked ? masked : encode(value)}`)
    .join("&");
  const segments = url.pathname.slice(1).split("/");
  const path = segments.map((text, at) => (endpoint?.segments[at]?.isSecret ? masked : text)).join("/");
  return `/${path}${query && `?${query}`}`;
}

function secretParams({ credentials, resource }: Endpoint): readonly string[] {
  const templates = resource.query.filter(({ value }) => JSON.stringify(value).includes("{secrets."));
  return [
    ...(credentials.secretParam ? [credentials.secretParam] : []),
    ...templates.map(({ name }) => name),
  ];
}

function encode(text = ""): string {
  return encodeURIComponent(text);
}
