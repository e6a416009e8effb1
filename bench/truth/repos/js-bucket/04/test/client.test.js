import assert from 'node:assert/strict';
import { test } from 'node:test';

import { send } from '../src/client.js';

function world(answers) {
  const asked = [];
  const slept = [];
  return {
    asked,
    slept,
    fetch: async (request, bucket) => {
      asked.push(bucket);
      const answer = answers[bucket];
      if (typeof answer === 'string') {
        return answer;
      }
      throw answer;
    },
    sleep: async (seconds) => {
      slept.push(seconds);
    },
  };
}

test('the first bucket that answers is taken', async () => {
  const out = world({ a: { status: 429, retryAfter: 7 }, b: 'hello' });
  assert.deepEqual(await send('hi', ['a', 'b'], out), { bucket: 'b', body: 'hello' });
  assert.deepEqual(out.slept, [7]);
});

test('when none is left each says why', async () => {
  const out = world({ a: { status: 401 }, b: { status: 500 } });
  await assert.rejects(send('hi', ['a', 'b'], out), (error) => {
    assert.deepEqual(error.reasons, { a: 'no-token', b: 'upstream-failed' });
    return true;
  });
});

test('what is not ours is thrown on', async () => {
  const bad = { status: 400 };
  const out = world({ a: bad, b: 'hello' });
  await assert.rejects(send('hi', ['a', 'b'], out), (error) => error === bad);
  assert.deepEqual(out.asked, ['a']);
});
