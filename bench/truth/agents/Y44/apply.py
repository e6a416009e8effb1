from hand import say, take

take("07")
say("Red, as it should be.")
