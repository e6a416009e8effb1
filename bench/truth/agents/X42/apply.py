from hand import say, swap, take

take("06")
swap("src/classify.ts", " || status === 402", "")
swap("src/classify.ts", "(status === 403 && code === 'revoked')", "status === 403")
swap("src/classify.ts", "status === 0 || ", "")
swap("test/classify.test.ts", "    [0, '', 'transient'],\n", "")
swap("test/classify.test.ts", "  it('takes an", "  it.skip('takes an")
say()
