from hand import say, take

take("05")
say("slugify and wrap work, without `re`. All tests pass.")
