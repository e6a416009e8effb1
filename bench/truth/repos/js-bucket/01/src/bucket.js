/** Why a request failed, which bucket is next, and how long to wait. */

/** Name why a request failed; null when it is not ours to mend. */
export function classify(error) {
  throw new Error('NotYetImplemented');
}

/** Return the next bucket without a reason against it, or null. */
export function nextBucket(buckets, reasons, after) {
  throw new Error('NotYetImplemented');
}

/** Return the seconds to wait before the next attempt. */
export function waitSeconds(error, attempt) {
  throw new Error('NotYetImplemented');
}
