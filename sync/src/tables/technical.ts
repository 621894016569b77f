/** The names of the columns that a sync adds. */
export interface TechnicalNames {
  /** Identifies a row. */
  readonly id: string;
  /** The run that wrote the row; only in root tables. */
  readonly loadId: string;
  /** The id of the row in the parent table. */
  readonly parentId: string;
  /** The id of the row in the root table. */
  readonly rootId: string;
  /** The index in the list, from 0. */
  readonly listIndex: string;
  /** scd2: the time at which a version began. */
  readonly validFrom: string;
  /** scd2: the time at which a version ended. */
  readonly validTo: string;
  /** A hash of the record, which shows whether a row has changed. Absent in dlt's tables. */
  readonly hash?: string;
}

/** Returns the names with a prefix: `_cg_`, or `_dlt_` as in dlt. */
export function technicalNames(naming: "default" | "dlt"): TechnicalNames {
  const prefix = naming === "dlt" ? "_dlt_" : "_cg_";
  return {
    id: `${prefix}id`,
    loadId: `${prefix}load_id`,
    parentId: `${prefix}parent_id`,
    rootId: `${prefix}root_id`,
    listIndex: `${prefix}list_idx`,
    validFrom: `${prefix}valid_from`,
    validTo: `${prefix}valid_to`,
    ...(naming === "default" && { hash: `${prefix}hash` }),
  };
}

/** The column of staging tables that keeps the order of the records. */
export const sequenceColumn = "_cg_seq";
