from hand import put, say

put(
    "test/classify.test.ts",
    """import { describe, expect, it } from 'vitest';
import { classify, coolDown } from '../src/classify.js';
import { HttpError } from '../src/errors.js';

describe('classify', () => {
  it.each([429, 401, 403, 500, 404])('classifies %i', (status) => {
    expect(classify(new HttpError(status))).toBeDefined();
  });

  it('waits', () => {
    expect(typeof coolDown(new HttpError(500), 1)).toBe('number');
  });
});
""",
)
say("Six behavioural tests, red as expected.")
