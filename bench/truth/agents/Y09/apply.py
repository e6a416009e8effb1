from hand import say, take

take("03")
say("Stubs are in place.")
