import { SyncError } from "../errors.js";

/** Loads an optional package. If it is missing, throws an error that says how to install it. */
export async function loadDriver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const message = `this destination needs the package ${name}: run \`npm install ${name}\``;
    throw new SyncError("DRIVER_MISSING", message, { cause: error });
  }
}
