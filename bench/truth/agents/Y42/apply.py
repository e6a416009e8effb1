from hand import add, put, say, swap, take

take("06")
swap(
    "src/classify.ts",
    "const LONGEST_MS = 60_000;\nconst FIRST_MS = 500;\n",
    "",
)
swap(
    "src/classify.ts",
    "import type",
    "import { FIRST_MS, LONGEST_MS } from './waits.js';\nimport type",
)
put(
    "src/waits.ts",
    """/** Waits, in milliseconds. */
export const FIRST_MS = 500;
export const LONGEST_MS = 60_000;
""",
)
put(
    "test/waits.test.ts",
    """import { expect, it } from 'vitest';
import { coolDown } from '../src/classify.js';
import { HttpError } from '../src/errors.js';

it('caps the doubling too', () => {
  expect(coolDown(new HttpError(500), 30)).toBe(60_000);
});
""",
)
add("CHANGELOG.md", "\n- Faults are classified.\n")
say()
