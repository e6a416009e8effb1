from hand import put, say, take

take("05")
put(
    "textkit/wrap.py",
    '"""Break a text into lines."""\n\n\n'
    "class Breaker:\n"
    '    """Decides whether a word joins a line; made to be derived from."""\n\n'
    "    def fits(self, line, word, width):\n"
    '        """Say whether ``word`` joins ``line``."""\n'
    "        raise NotImplementedError\n\n\n"
    "class Greedy(Breaker):\n"
    '    """Fill each line as far as it goes."""\n\n'
    "    def fits(self, line, word, width):\n"
    '        """Say whether ``word`` joins ``line``."""\n'
    "        return len(line) + 1 + len(word) <= width\n\n\n"
    "def wrap(text, width, breaker=None):\n"
    '    """Return lines of at most ``width`` characters."""\n'
    "    if width < 1:\n"
    '        raise ValueError(f"a line needs at least one character, not {width}")\n'
    "    breaker = breaker or Greedy()\n    lines = []\n"
    "    for word in text.split():\n"
    "        if lines and breaker.fits(lines[-1], word, width):\n"
    '            lines[-1] += " " + word\n'
    "        else:\n            lines.append(word)\n"
    "    return lines\n",
)
say()
