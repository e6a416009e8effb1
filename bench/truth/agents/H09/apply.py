from hand import say, take

take("02")
say("The design is written.")
