from hand import say, take

take("04")
say()
