import type { HttpError } from './errors.js';

export type Fault = 'quota' | 'credential' | 'transient' | 'fatal';

const LONGEST_MS = 60_000;
const FIRST_MS = 500;

/** Say what kind of fault an answer is. */
export function classify(error: HttpError): Fault {
  const { status, code } = error;
  if (status === 429 || status === 402) return 'quota';
  if (status === 401 || (status === 403 && code === 'revoked')) return 'credential';
  if (status === 0 || (status >= 500 && status <= 599)) return 'transient';
  return 'fatal';
}

/** Say how long to leave a bucket alone, in milliseconds. */
export function coolDown(error: HttpError, attempt: number): number {
  const wanted = error.retryAfter === null ? FIRST_MS * 2 ** attempt : error.retryAfter * 1000;
  return Math.min(wanted, LONGEST_MS);
}
