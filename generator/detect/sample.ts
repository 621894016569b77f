import type { HeadersLike, Transport, WireRequest } from "@connector-gen/runtime";
import { fetchTransport } from "@connector-gen/runtime";
import ts from "typescript";
import { printSource } from "../emit/print.js";
import type { SourceIr } from "../ir/source-ir.js";

/** A response as it came, for looking at. */
export interface Sample {
  readonly method: string;
  /** Without credentials. */
  readonly url: string;
  readonly status: number;
  readonly headers: HeadersLike;
  /** The decoded JSON body; `undefined` where it is none. */
  readonly body: unknown;
}

/** What came of reading some pages of a resource. */
export interface Trial {
  /** The last response that the API gave. */
  readonly sample?: Sample;
  /** The records page by page. */
  readonly pages: readonly (readonly unknown[])[];
  /** Why it ended early, redacted. */
  readonly error?: string;
}

/** Reads first pages of a source's resources, by its own generated client. */
export interface Sampler {
  /** At most so many pages. What was answered before is not asked for again, by any sampler with the same memory. */
  readonly read: (resource: string, maxPages: number) => Promise<Trial>;
}

/** Answers by request: lets a second look at the first page cost nothing. */
export type Memory = Map<string, Answer>;

/** An answer as it is remembered. */
interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly text: string;
}

/** A client as a generated module makes it. */
type Client = Readonly<Record<string, (params: object, options: object) => { pages(): AsyncIterable<Page> }>>;

interface Page {
  readonly records: readonly unknown[];
}

/** Makes a sampler. Secrets come from the environment, config values from `config`, as the generated factory has them. */
export async function createSampler(
  source: SourceIr,
  { memory, config }: { readonly memory: Memory; readonly config: Readonly<Record<string, string>> },
): Promise<Sampler> {
  const create = await loadFactory(source);
  return {
    read: async (resource, maxPages) => {
      const { names } = source.resources.find(({ name }) => name === resource) ?? {};
      let sample: Sample | undefined;
      const transport = remembering(memory, (seen) => (sample = seen));
      const pages: (readonly unknown[])[] = [];
      const trial = (): Trial => ({ pages, ...(sample && { sample }) });
      try {
        const client = create({
          ...toOptions(source, config),
          transport,
          retry: { maxRetries: 0 },
          concurrency: 1,
        });
        const stream = client[names?.method ?? ""]?.({}, { maxPages });
        for await (const { records } of stream?.pages() ?? []) pages.push(records);
        return trial();
      } catch (error) {
        return { ...trial(), error: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** Generates the module, as `generate` does, and loads it without writing it anywhere. */
async function loadFactory(source: SourceIr): Promise<(options: object) => Client> {
  const { outputText } = ts.transpileModule(await printSource(source), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const runtime = import.meta.resolve("@connector-gen/runtime");
  const text = outputText.replaceAll('"@connector-gen/runtime"', JSON.stringify(runtime));
  const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Readonly<
    Record<string, (options: object) => Client>
  >;
  const create = module[source.names.factory];
  if (!create) throw new Error(`the module of ${source.name} has no ${source.names.factory}`);
  return create;
}

/** Hooks change nothing here: what is looked at is what the API sends. */
function toOptions(source: SourceIr, config: Readonly<Record<string, string>>): object {
  const values = source.config.map(({ name, option }) => {
    const value = config[name];
    const isList = source.resources.some(({ plan }) => JSON.stringify(plan).includes(`"{config.${name}}"`));
    return [option, isList ? value?.split(",") : value] as const;
  });
  const pass = { filter: () => true, map: (record: unknown) => record };
  return { ...Object.fromEntries(values), hooks: new Proxy({}, { get: () => pass }) };
}

/** A transport that answers what it was asked before from memory. */
function remembering(memory: Memory, onSample: (sample: Sample) => void): Transport {
  const inner = fetchTransport();
  return {
    sendsBodyWithGet: true,
    send: async (request) => {
      const key = JSON.stringify([request.method, request.url, request.body]);
      const known = memory.get(key) ?? (await ask(inner, request));
      memory.set(key, known);
      const { status, statusText, headers, text } = known;
      onSample({ method: request.method, url: request.url, status, headers, body: parseJson(text) });
      return {
        status,
        statusText,
        headers,
        text: (_, push) => {
          push?.(text);
          return Promise.resolve(push ? "" : text);
        },
      };
    },
  };
}

const bodyLimit = 32 * 1024 * 1024;

async function ask(inner: Transport, request: WireRequest): Promise<Answer> {
  const response = await inner.send(request);
  const text = await response.text(bodyLimit);
  const headers = new Headers();
  for (const name of ["content-type", "link", "location", "retry-after", "date"]) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return { status: response.status, statusText: response.statusText, headers, text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
