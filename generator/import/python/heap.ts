import type { Span } from "./nodes.js";
import { choose } from "./choices.js";
import {
  type Condition,
  isSame,
  listValue,
  type PyClass,
  type PyDict,
  type PyEntry,
  type PyList,
  type PyObject,
  type PyValue,
  unknown,
} from "./values.js";

/** The names of the file, of a call of a function, or of a class body. */
export interface Frame {
  readonly kind: "frame";
  readonly what: "module" | "function" | "class";
  /** Frame in which names are looked up that this one lacks. */
  readonly outer: Frame | undefined;
  /** Names that belong to an outer frame, by `global` or `nonlocal`. */
  readonly shared: Map<string, Frame>;
  entries: ReadonlyMap<string, PyEntry>;
  /** The values that a generator has yielded. */
  readonly yields: PyList;
  born?: number;
}

/** Everything that statements can change. */
type Holder = Frame | PyDict | PyList | PyObject | PyClass;

interface Contents {
  readonly entries: ReadonlyMap<string, PyEntry>;
  readonly items: readonly PyValue[];
}

interface Change {
  readonly contents: Contents;
  /** The statement that made the change. */
  readonly at: Span;
}

/** The result and the changes of a branch. */
export interface Attempt<T> {
  readonly result: T;
  readonly changes: ReadonlyMap<Holder, Change>;
}

/** Records changes, so branches can be run, undone and merged. */
export interface Heap {
  /** The current statement. */
  at: Span;
  /** Sets the creation time of a new value. */
  stamp(holder: Holder): void;
  setEntry(holder: Frame | PyDict | PyObject | PyClass, name: string, entry: PyEntry): void;
  removeEntry(holder: Frame | PyDict, name: string): void;
  setItems(holder: PyList, items: readonly PyValue[]): void;
  /** Replaces the contents of a dict by those of another. */
  setDict(holder: PyDict, contents: Pick<PyDict, "entries" | "rest">): void;
  /** Runs a branch and undoes its changes. */
  attempt<T>(run: () => T): Attempt<T>;
  /** Applies the changes of a branch. */
  apply(attempt: Attempt<unknown>): void;
  /** Applies the changes of two branches, exactly one of which runs. */
  merge(condition: Condition, then: Attempt<unknown>, otherwise: Attempt<unknown>): void;
  /** Applies the changes of a branch that may run any number of times. */
  blur(attempt: Attempt<unknown>): void;
}

/** Creates a frame. */
export function createFrame(what: Frame["what"], outer: Frame | undefined): Frame {
  const yields = listValue([], { from: 0, to: 0 });
  return { kind: "frame", what, outer, shared: new Map(), entries: new Map(), yields };
}

/** Creates an empty heap. */
export function createHeap(): Heap {
  let clock = 0;
  const journals: Map<Holder, Change>[] = [];
  const write = (holder: Holder, contents: Contents): void => {
    const journal = journals.at(-1);
    const saved = journal?.get(holder)?.contents ?? contentsOf(holder);
    journal?.set(holder, { contents: saved, at: heap.at });
    setContents(holder, contents);
  };
  const heap: Heap = {
    at: { from: 0, to: 0 },
    stamp: (holder) => {
      holder.born ??= ++clock;
    },
    setEntry: (holder, name, entry) => {
      const { entries, items } = contentsOf(holder);
      write(holder, { entries: new Map([...entries, [name, entry]]), items });
    },
    removeEntry: (holder, name) => {
      const { entries, items } = contentsOf(holder);
      write(holder, { entries: new Map([...entries].filter(([key]) => key !== name)), items });
    },
    setItems: (holder, items) => {
      write(holder, { entries: noEntries, items });
    },
    setDict: (holder, { entries, rest }) => {
      write(holder, { entries, items: rest });
    },
    attempt: (run) => {
      const start = clock;
      const journal = new Map<Holder, Change>();
      journals.push(journal);
      const { at } = heap;
      const result = run();
      journals.pop();
      heap.at = at;
      const changes = new Map<Holder, Change>();
      for (const [holder, saved] of journal) {
        // A value that the branch has created is not visible outside it.
        if ((holder.born ?? 0) > start) continue;
        changes.set(holder, { contents: contentsOf(holder), at: saved.at });
        setContents(holder, saved.contents);
      }
      return { result, changes };
    },
    apply: ({ changes }) => {
      for (const [holder, { contents }] of changes) write(holder, contents);
    },
    merge: (condition, then, otherwise) => {
      for (const holder of new Set([...then.changes.keys(), ...otherwise.changes.keys()])) {
        const before = contentsOf(holder);
        const a = then.changes.get(holder)?.contents ?? before;
        const b = otherwise.changes.get(holder)?.contents ?? before;
        write(holder, mergeContents(condition, a, b));
      }
    },
    blur: ({ changes }) => {
      for (const [holder, change] of changes) write(holder, blurContents(holder, contentsOf(holder), change));
    },
  };
  return heap;
}

const noEntries: ReadonlyMap<string, PyEntry> = new Map();

function contentsOf(holder: Holder): Contents {
  if (holder.kind === "list") return { entries: noEntries, items: holder.items };
  return { entries: holder.entries, items: holder.kind === "dict" ? holder.rest : [] };
}

function setContents(holder: Holder, { entries, items }: Contents): void {
  if (holder.kind === "list") {
    holder.items = items;
    return;
  }
  holder.entries = entries;
  if (holder.kind === "dict") holder.rest = items;
}

function mergeContents(condition: Condition, a: Contents, b: Contents): Contents {
  const entries = new Map<string, PyEntry>();
  for (const name of new Set([...a.entries.keys(), ...b.entries.keys()])) {
    const then = a.entries.get(name);
    const otherwise = b.entries.get(name);
    const key = then?.key ?? otherwise?.key ?? condition.test;
    entries.set(name, { key, value: choose(condition, then?.value, otherwise?.value) });
  }
  const common = commonLength(a.items, b.items);
  const items = [
    ...a.items.slice(0, common),
    ...a.items.slice(common).map((item) => choose(condition, item, undefined)),
    ...b.items.slice(common).map((item) => choose(condition, undefined, item)),
  ];
  return { entries, items };
}

function blurContents(holder: Holder, before: Contents, { contents, at }: Change): Contents {
  const entries = new Map(before.entries);
  const lost: PyValue[] = [];
  const change = unknown("change in a branch or a loop", at, { isSpread: true });
  for (const [name, entry] of contents.entries) {
    const old = before.entries.get(name);
    if (old && isSame(old.value, entry.value)) continue;
    if (holder.kind === "dict") {
      entries.delete(name);
      lost.push(change);
    } else
      entries.set(name, {
        key: entry.key,
        value: unknown("name assigned only in a branch or a loop", entry.key, { name }),
      });
  }
  const common = commonLength(before.items, contents.items);
  const isLonger = contents.items.length > common || before.items.length > common;
  return {
    entries,
    items: [...before.items, ...lost.slice(0, 1), ...(isLonger ? [change] : [])],
  };
}

function commonLength(a: readonly PyValue[], b: readonly PyValue[]): number {
  const different = a.findIndex((item, index) => item !== b[index]);
  return different < 0 ? Math.min(a.length, b.length) : different;
}
