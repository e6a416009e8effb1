from hand import say, take

take("02")
say("Stubs compile.")
