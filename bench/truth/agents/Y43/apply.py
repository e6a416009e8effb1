from hand import say, take

take("08")
say()
