import type { HttpError } from './errors.js';

export type Fault = 'quota' | 'credential' | 'transient' | 'fatal';

/** Say what kind of fault an answer is. */
export function classify(_error: HttpError): Fault {
  throw new Error('NotYetImplemented');
}

/** Say how long to leave a bucket alone, in milliseconds. */
export function coolDown(_error: HttpError, _attempt: number): number {
  throw new Error('NotYetImplemented');
}
