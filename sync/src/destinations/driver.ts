import { SyncError } from "../errors.js";

/** Loads an optional package. Says how to install it if it is missing. */
export async function loadDriver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const message = `this destination needs the package ${name}: run \`npm install ${name}\``;
    throw new SyncError("DRIVER_MISSING", message, { cause: error });
  }
}
