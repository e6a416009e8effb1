from hand import say, take

take("03")
say("6 tests, red.")
