from hand import say, swap, take

take("05")
swap("tests/test_slug.py", '"café"', '"cafe"')
say()
