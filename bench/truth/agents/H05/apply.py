from hand import put, say

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
put(
    "textkit/__main__.py",
    '"""Print the slug of the arguments; with --width N their lines."""\n\n'
    "import argparse\nimport sys\n\nfrom textkit.render import render\n\n\n"
    "def main(arguments):\n"
    '    """Print what is asked for; a bad width ends the program with 2."""\n'
    "    parser = argparse.ArgumentParser()\n"
    '    parser.add_argument("words", nargs="*")\n'
    '    parser.add_argument("--width", type=int)\n'
    "    asked = parser.parse_args(arguments)\n"
    "    if asked.width is not None and asked.width < 1:\n"
    '        print("the width must be at least 1", file=sys.stderr)\n'
    "        sys.exit(2)\n"
    "    print(render(asked.words, asked.width))\n"
    "    return 0\n\n\n"
    'if __name__ == "__main__":\n    sys.exit(main(sys.argv[1:]))\n',
)
say()
