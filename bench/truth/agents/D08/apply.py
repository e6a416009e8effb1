from hand import say, swap, take

take("03")
swap("src/bucket.js", "error.retryAfter ??", "error.retryAfter - 1 ||")
swap("test/bucket.test.js", "1), 10)", "1), 9)")
say()
