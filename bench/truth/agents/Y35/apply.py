from hand import say, take

take("05")
say()
