from hand import put, say

put(
    "textkit/render.py",
    '"""What the command prints."""\n\n'
    "from textkit import slug, wrap\n\n\n"
    "def render(words, width=None):\n"
    '    """Return the slug of the words, or their lines when a width is given."""\n'
    '    text = " ".join(words)\n'
    "    if width is None:\n        return slug.slugify(text)\n"
    '    return "\\n".join(wrap.wrap(text, width))\n',
)
put(
    "textkit/__main__.py",
    '"""Print the slug of the arguments; with --width N their lines."""\n\nimport sys\n\n\n'
    "def main(arguments):\n"
    '    """Print what is asked for."""\n'
    "    from textkit.render import render\n\n"
    "    width = None\n"
    '    if arguments[:1] == ["--width"]:\n'
    "        width, arguments = int(arguments[1]), arguments[2:]\n"
    "    print(render(arguments, width))\n    return 0\n\n\n"
    'if __name__ == "__main__":\n    sys.exit(main(sys.argv[1:]))\n',
)
say()
