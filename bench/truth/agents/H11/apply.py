from hand import say, take

take("02")
say("7 tests, red as they should be.")
