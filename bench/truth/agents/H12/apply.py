from hand import put, say

put(
    "test/client.test.js",
    """import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { send } from '../src/client.js';

const answering = (answers) =>
  mock.fn(async (request, bucket) => {
    const answer = answers[bucket];
    if (typeof answer === 'string') {
      return `${answer} to ${request}`;
    }
    throw answer;
  });

test('the first bucket that answers is taken', async () => {
  const fetch = answering({ a: { status: 429, retryAfter: 7 }, b: 'hello' });
  const sleep = mock.fn(async () => {});
  const got = await send('hi', ['a', 'b'], { fetch, sleep });
  assert.deepEqual(got, { bucket: 'b', body: 'hello to hi' });
  assert.deepEqual(sleep.mock.calls.map((c) => c.arguments), [[7]]);
});

test('when none is left each says why', async () => {
  const fetch = answering({ a: { status: 401 }, b: { status: 500 } });
  const sleep = mock.fn(async () => {});
  await assert.rejects(send('hi', ['a', 'b'], { fetch, sleep }), (error) => {
    assert.deepEqual(error.reasons, { a: 'no-token', b: 'upstream-failed' });
    return true;
  });
});

test('what is not ours is thrown on at once', async () => {
  const bad = { status: 400 };
  const fetch = answering({ a: bad, b: 'hello' });
  await assert.rejects(send('hi', ['a', 'b'], { fetch, sleep: mock.fn() }), (e) => e === bad);
  assert.equal(fetch.mock.callCount(), 1);
});
""",
)
say("3 tests, red on the stub.")
