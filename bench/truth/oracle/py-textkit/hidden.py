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
from pathlib import Path

PHASE, REPO = sys.argv[1], Path(sys.argv[2])

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


def design():
    text = Path("docs/design.md").read_text()
    assert all(word in text.lower() for word in ("slugify", "wrap", "width", "hyphen")), text


def stub():
    for name in ("slug.slugify", "wrap.wrap"):
        module, function = name.split(".")
        code = f"from textkit.{module} import {function} as f; assert callable(f)"
        subprocess.run([sys.executable, "-c", code], check=True)


def suite():
    words = [sys.executable, "-m", "pytest", "-q", "tests"]
    done = subprocess.run(words, capture_output=True)
    return done.returncode == 0, done.stdout.decode()


def tdd():
    """Good tests are green on the right product, and red on each of several wrong."""
    swaps = {
        "slug": [("plain.lower()", "plain"), ('"NFKD"', '"NFC"'), ('"-".join', '"".join')],
        "wrap": [("+ 1 + len", "+ len"), ("width < 1", "width < 0"), ("<= width", "< width")],
    }
    for module in swaps:
        Path(f"textkit/{module}.py").write_text((REPO / f"05/textkit/{module}.py").read_text())
    green, told = suite()
    assert green, told
    for module, wrongs in swaps.items():
        target = Path(f"textkit/{module}.py")
        right = target.read_text()
        for old, new in wrongs:
            assert old in right
            target.write_text(right.replace(old, new))
            assert not suite()[0], f"{new} is not noticed"
        target.write_text(right)


STEPS = {"01": design, "02": stub, "03": tdd, "04": impl, "05": integration}
STEPS[PHASE]()
