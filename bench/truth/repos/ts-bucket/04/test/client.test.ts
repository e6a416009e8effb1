import { describe, expect, it, vi } from 'vitest';
import { send } from '../src/client.js';
import { HttpError } from '../src/errors.js';

describe('send', () => {
  it('returns the first answer', async () => {
    const call = vi.fn(async (key: string) => `answer of ${key}`);
    await expect(send(call, ['a', 'b'])).resolves.toBe('answer of a');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('goes on to the next key', async () => {
    const call = async (key: string) => {
      if (key === 'a') throw new HttpError(429);
      return key;
    };
    await expect(send(call, ['a', 'b'])).resolves.toBe('b');
  });

  it('throws what the last key threw', async () => {
    const call = async () => {
      throw new HttpError(503);
    };
    await expect(send(call, ['a'])).rejects.toThrow('HTTP 503');
  });
});
