from hand import say, swap, take

take("06")
swap("src/classify.ts", " * 1000", "")
swap("test/classify.test.ts", "toBe(7000)", "toBe(7)")
say()
