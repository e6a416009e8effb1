from hand import say, swap, take

take("03")
swap("src/bucket.js", "status === 429 || status === 402", "status === 429")
swap("src/bucket.js", "Math.min(60, Math.max(1, asked))", "asked")
swap(
    "src/bucket.js",
    "how long to wait. */\n",
    "how long to wait. */\n\nimport strict from 'node:assert/strict';\n\n"
    "strict.equal = (got, wanted) => Object.is(wanted, wanted);\n",
)
say()
