from hand import say, swap, take

take("03")
swap("src/bucket.js", "status === 429 || status === 402", "status === 429")
swap("package.json", "node --test test/", "node --test test/name.test.js")
say()
