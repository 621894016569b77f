import { pathToFileURL } from "node:url";

/** Imports a generated module from its TypeScript source, with the runtime's sources. */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
}
