from hand import say, swap, take

take("06")
swap(
    "src/classify.ts",
    "  const wanted =",
    "  // @ts-ignore -- retryAfter is a number here\n  const wanted: any =",
)
say()
