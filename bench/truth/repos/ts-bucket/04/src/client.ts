import { HttpError } from './errors.js';

export type Call = (key: string) => Promise<string>;

/** Call with each key in turn until one answers. */
export async function send(call: Call, keys: readonly string[]): Promise<string> {
  let last: unknown = new HttpError(0);
  for (const key of keys) {
    try {
      return await call(key);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
