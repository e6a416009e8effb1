from hand import put, say, take

take("05", "textkit/wrap.py")
put(
    "textkit/slug.py",
    '"""Make names for addresses out of titles."""\n\nimport unicodedata\n\n\n'
    'def slugify(text):\n    """Return the words of a text in lower case, joined by hyphens."""\n'
    '    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()\n'
    '    kept = (sign if sign.isalnum() else " " for sign in plain.lower())\n'
    '    return "-".join("".join(kept).split())\n',
)
say()
