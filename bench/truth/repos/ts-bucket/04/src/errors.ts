/** What an upstream answered, or `status` 0 when it did not answer at all. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string = '',
    readonly retryAfter: number | null = null,
  ) {
    super(`HTTP ${status}`);
  }
}
