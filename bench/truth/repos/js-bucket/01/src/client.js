/** Send a request through one bucket after the other. */

/** Return the first answer. */
export async function send(request, buckets, { fetch, sleep }) {
  throw new Error('NotYetImplemented');
}
