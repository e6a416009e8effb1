/** Why a request failed, which bucket is next, and how long to wait. */

/** Name why a request failed; null when it is not ours to mend. */
export function classify(error) {
  const { status, code } = error;
  if (status === 429 || status === 402) {
    return 'quota-exhausted';
  }
  if (status === 401) {
    return code === 'expired' ? 'expired-refresh-failed' : 'no-token';
  }
  return status === undefined || (status >= 500 && status <= 599)
    ? 'upstream-failed'
    : null;
}

/** Return the next bucket without a reason against it, or null. */
export function nextBucket(buckets, reasons, after) {
  const start = buckets.indexOf(after) + 1;
  const ring = [...buckets.slice(start), ...buckets.slice(0, start)];
  return ring.find((bucket) => reasons[bucket] === undefined) ?? null;
}

/** Return the seconds to wait before the next attempt. */
export function waitSeconds(error, attempt) {
  const asked = error.retryAfter ?? 2 ** attempt;
  return Math.min(60, Math.max(1, asked));
}
