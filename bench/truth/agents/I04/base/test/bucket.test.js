import assert from 'node:assert/strict';
import { test } from 'node:test';

import { classify, nextBucket, waitSeconds } from '../src/bucket.js';

test('too many requests exhaust a quota', () => {
  assert.equal(classify({ status: 429 }), 'quota-exhausted');
  assert.equal(classify({ status: 402 }), 'quota-exhausted');
});

test('an expired token is told from a missing one', () => {
  assert.equal(classify({ status: 401, code: 'expired' }), 'expired-refresh-failed');
  assert.equal(classify({ status: 401 }), 'no-token');
});

test('a fault of the other side is upstream', () => {
  assert.equal(classify({ status: 503 }), 'upstream-failed');
  assert.equal(classify({}), 'upstream-failed');
});

test('a bad request is not ours', () => {
  assert.equal(classify({ status: 400 }), null);
});

test('the next bucket has no reason against it', () => {
  assert.equal(nextBucket(['a', 'b', 'c'], { b: 'no-token' }, 'a'), 'c');
});

test('the ring has an end', () => {
  assert.equal(nextBucket(['a', 'b'], { a: 'no-token', b: 'no-token' }, 'a'), null);
});

test('the other side says how long', () => {
  assert.equal(waitSeconds({ retryAfter: 10 }, 1), 10);
});

test('nobody says how long', () => {
  assert.equal(waitSeconds({}, 3), 8);
  assert.equal(waitSeconds({}, 9), 60);
});

test('no time is no wait', () => {
  assert.equal(waitSeconds({ retryAfter: 0 }, 1), 0);
});
