import { describe, expect, it } from 'vitest';
import { classify, coolDown } from '../src/classify.js';
import { HttpError } from '../src/errors.js';

describe('classify', () => {
  it.each([
    [429, '', 'quota'],
    [401, '', 'credential'],
    [403, 'revoked', 'credential'],
    [500, '', 'transient'],
    [503, '', 'transient'],
    [0, '', 'transient'],
    [404, '', 'fatal'],
  ])('calls %i %s a %s fault', (status, code, fault) => {
    expect(classify(new HttpError(status, code))).toBe(fault);
  });

  it('takes an unknown 403 for fatal', () => {
    expect(classify(new HttpError(403))).toBe('fatal');
  });
});

describe('coolDown', () => {
  it('waits as long as the answer says', () => {
    expect(coolDown(new HttpError(429, '', 7), 0)).toBe(7000);
  });

  it('doubles with each attempt', () => {
    expect([0, 1, 2].map((n) => coolDown(new HttpError(500), n))).toEqual([500, 1000, 2000]);
  });

  it('never waits longer than a minute', () => {
    expect(coolDown(new HttpError(429, '', 3600), 0)).toBe(60_000);
  });
});
