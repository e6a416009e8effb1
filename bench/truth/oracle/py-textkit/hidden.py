"""Say whether the work is right: random texts against another way to say it.

Started in the delivered tree with the phase as its argument; never shown to an agent
or to a judge.
"""

import json
import random
import string
import subprocess
import sys
import unicodedata

CALL = "import sys, json; {}; print(json.dumps([f(*a) for a in json.load(sys.stdin)]))"


def ask(module, name, calls):
    code = CALL.format(f"from textkit.{module} import {name} as f")
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(calls).encode(), capture_output=True
    )
    return json.loads(done.stdout)


def slug(text):
    out, gap = "", False
    for sign in unicodedata.normalize("NFKD", text):
        if ord(sign) > 127:
            continue
        if sign.isalnum():
            out += ("-" if gap and out else "") + sign.lower()
            gap = False
        else:
            gap = True
    return out


def lines(text, width):
    found, line = [], None
    for word in text.split():
        if line is not None and len(line) + len(word) < width:
            line += " " + word
        else:
            found += [] if line is None else [line]
            line = word
    return found + ([] if line is None else [line])


def impl():
    dice = random.Random(7)
    letters = string.ascii_letters + string.digits + "  --_.,!éüñ"
    texts = ["".join(dice.choices(letters, k=dice.randint(0, 20))) for _ in range(200)]
    assert ask("slug", "slugify", [[t] for t in texts]) == [slug(t) for t in texts]
    calls = [[t, dice.randint(1, 12)] for t in texts]
    assert ask("wrap", "wrap", calls) == [lines(*c) for c in calls]


def integration():
    for words in (["Ein", "Wort!"], ["a", "B c"]):
        done = subprocess.run(
            [sys.executable, "-m", "textkit", *words], capture_output=True, check=True
        )
        assert done.stdout.decode().strip() == slug(" ".join(words))
    done = subprocess.run(
        [sys.executable, "-m", "textkit", "--width", "5", "aa bb cc"], capture_output=True
    )
    assert done.stdout.decode().splitlines() == ["aa bb", "cc"]


{"04": impl, "05": integration}[sys.argv[1]]()
