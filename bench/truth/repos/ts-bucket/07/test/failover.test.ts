import { describe, expect, it, vi } from 'vitest';
import { send } from '../src/client.js';
import { HttpError } from '../src/errors.js';

const refusing = (error: HttpError) =>
  vi.fn(async (key: string) => {
    if (key === 'a') throw error;
    return key;
  });

describe('failover', () => {
  it('stops at a fatal fault', async () => {
    const call = refusing(new HttpError(404));
    await expect(send(call, ['a', 'b'])).rejects.toThrow('HTTP 404');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('passes over a revoked key', async () => {
    await expect(send(refusing(new HttpError(403, 'revoked')), ['a', 'b'])).resolves.toBe('b');
  });
});
