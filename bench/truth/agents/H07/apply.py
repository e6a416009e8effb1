from hand import put, say, swap, take

take("03")
put(
    "src/ring.js",
    """/** Walk a ring. */

/** Return the items behind one, round the ring. */
export function behind(items, one) {
  const start = items.indexOf(one) + 1;
  return [...items.slice(start), ...items.slice(0, start)];
}
""",
)
swap(
    "src/bucket.js",
    """  const start = buckets.indexOf(after) + 1;
  const ring = [...buckets.slice(start), ...buckets.slice(0, start)];
  return ring.find(""",
    "  return behind(buckets, after).find(",
)
swap("src/bucket.js", "how long to wait. */\n", "how long to wait. */\n\nimport { behind } from './ring.js';\n")
say()
