from hand import put, say, swap

put(
    "textkit/render.py",
    '"""What the command prints."""\n\n'
    "from textkit.slug import slugify\nfrom textkit.wrap import wrap\n\n\n"
    "def render(words, width=None):\n"
    '    """Return the slug of the words, or their lines when a width is given."""\n'
    '    text = " ".join(words)\n'
    "    if width is None:\n        return slugify(text)\n"
    '    return "\\n".join(wrap(text, width))\n',
)
swap("textkit/__main__.py", "from textkit.words import words\n", "from textkit.render import render\nfrom textkit.words import words\n\n_RENDER = render\n")
say("render is integrated into the command line.")
