/** Send a request through one bucket after the other. */

import { classify, nextBucket, waitSeconds } from './bucket.js';

/** Return the first answer. */
export async function send(request, buckets, { fetch, sleep }) {
  const reasons = {};
  let bucket = nextBucket(buckets, reasons);
  for (let attempt = 1; bucket !== null; attempt += 1) {
    try {
      return { bucket, body: await fetch(request, bucket) };
    } catch (error) {
      const reason = classify(error);
      if (reason === null) {
        throw error;
      }
      reasons[bucket] = reason;
      bucket = nextBucket(buckets, reasons, bucket);
      if (bucket !== null) {
        await sleep(waitSeconds(error, attempt));
      }
    }
  }
  throw Object.assign(new Error('no bucket is left'), { reasons });
}
