from hand import add, say, swap, take

take("05")
swap("textkit/words.py", '"""Split a text into words."""', '"""Split a text into words, and count them."""')
add("README.md", "\n`textkit.slug.slugify` makes names for addresses.\n")
say()
