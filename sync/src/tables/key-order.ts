/** The last key of a run whose keys only rise, or only fall. */
export interface KeyOrder {
  readonly last: number;
  /** `0`: only one key so far. */
  readonly direction: -1 | 0 | 1;
}

/** Finds out whether the keys of a run only rise, or only fall: then all of them differ, and the database need not look. */
export interface KeyWatch {
  readonly add: (record: unknown) => void;
  /** `undefined` before the first key; `null` if the keys show no order. */
  readonly order: () => KeyOrder | null | undefined;
}

/** Creates a watch of the integers in a field of the records, beginning with the order that an earlier part of the run had. */
export function watchKeys(field: string | undefined, start: KeyOrder | null | undefined): KeyWatch {
  let order = field === undefined ? null : start;
  return {
    add: (record) => {
      if (order === null) return;
      order = nextOrder(order, (record as Readonly<Record<string, unknown>> | null)?.[field ?? ""]);
    },
    order: () => order,
  };
}

function nextOrder(order: KeyOrder | undefined, key: unknown): KeyOrder | null {
  if (typeof key !== "number" || !Number.isSafeInteger(key)) return null;
  if (!order) return { last: key, direction: 0 };
  const direction = Math.sign(key - order.last) as KeyOrder["direction"];
  const isOrdered = direction !== 0 && (order.direction === 0 || order.direction === direction);
  return isOrdered ? { last: key, direction } : null;
}
