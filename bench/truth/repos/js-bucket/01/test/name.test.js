import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isName } from '../src/name.js';

test('a name is short and plain', () => {
  assert.equal(isName('work-2'), true);
  assert.equal(isName('Work'), false);
});

test('a name has an end', () => {
  assert.equal(isName('a'.repeat(33)), false);
});
