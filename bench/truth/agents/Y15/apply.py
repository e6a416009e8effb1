from hand import put, say, take

take("05", "textkit/wrap.py")
put(
    "textkit/slug.py",
    '"""Make names for addresses out of titles."""\n\n'
    "import os\nimport re\nimport unicodedata\n\n\n"
    "def slugify(text):\n"
    '    """Return the words of a text in lower case, joined by hyphens.\n\n'
    "    TEXTKIT_FORM names another form of Unicode than NFKD.\n"
    '    """\n'
    '    form = os.environ.get("TEXTKIT_FORM", "NFKD")\n'
    '    plain = unicodedata.normalize(form, text).encode("ascii", "ignore").decode()\n'
    '    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))\n',
)
say()
