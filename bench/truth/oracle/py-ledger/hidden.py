"""Say whether the work is right: random books against a dictionary."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PHASE, REPO = sys.argv[1], Path(sys.argv[2])

DRIVER = """
import json, sys
from ledger.book import Book, Overdrawn
out = []
for acts in json.load(sys.stdin):
    book, told = Book(), []
    for verb, *rest in acts:
        try:
            told.append(getattr(book, verb)(*rest))
        except Exception as error:
            told.append(type(error).__name__)
    out.append(told)
print(json.dumps(out))
"""


def money(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def answer(acts):
    lines, told = [], []
    for verb, *rest in acts:
        holds = lambda a: sum(c for n, c in lines if n == a)
        if verb == "post":
            lines.append(tuple(rest))
            told.append(None)
        elif verb == "balance":
            told.append(holds(rest[0]))
        elif verb == "transfer":
            source, target, cents = rest
            if cents < 1:
                told.append("ValueError")
            elif holds(source) < cents:
                told.append("Overdrawn")
            else:
                lines += [(source, -cents), (target, cents)]
                told.append(None)
        else:
            mine = [c for n, c in lines if n == rest[0]]
            held = [sum(mine[: i + 1]) for i in range(len(mine))]
            told.append(
                [["+" * (c >= 0) + money(c), money(h)] for c, h in zip(mine, held)]
            )
    return told


def acts(dice):
    names = ["a", "b", "c"]
    found = []
    for _ in range(dice.randint(1, 12)):
        verb = dice.choice(["post", "transfer", "transfer", "balance", "statement"])
        rest = {
            "post": lambda: [dice.choice(names), dice.randint(-500, 3000)],
            "transfer": lambda: [*dice.sample(names, 2), dice.randint(-2, 900)],
        }.get(verb, lambda: [dice.choice(names)])()
        found.append([verb, *rest])
    return found


def book():
    dice = random.Random(11)
    books = [acts(dice) for _ in range(200)]
    done = subprocess.run(
        [sys.executable, "-c", DRIVER], input=json.dumps(books).encode(), capture_output=True
    )
    assert json.loads(done.stdout) == [answer(b) for b in books]


def command():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "b.txt"
        file.write_text("post x 1.00\npost x 0.01\ntransfer x y 0.51\nstatement x\n")
        done = subprocess.run([sys.executable, "-m", "ledger", file], capture_output=True)
        assert done.stdout == b"+1.00 1.00\n+0.01 1.01\n-0.51 0.50\n", done
        file.write_text("post x 1.00\ntransfer x y 1.01\nstatement x\n")
        done = subprocess.run([sys.executable, "-m", "ledger", file], capture_output=True)
        assert done.returncode == 3 and done.stderr, done


def gone():
    book()
    assert not Path("ledger/legacy.py").exists()
    assert Path("ledger/money.py").exists()


def suite():
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "tests"], capture_output=True)
    return done.returncode == 0, done.stdout.decode()


def tdd():
    """Good tests are green on the right product, and red on each of several wrong."""
    right = (REPO / "03/ledger/book.py").read_text()
    target = Path("ledger/book.py")
    swaps = [
        ("if cents < 1:", "if cents < 0:"),
        ("self.balance(source) < cents", "self.balance(source) <= cents"),
        ("self.balance(source) < cents", "self.balance(source) < 0"),
        ("self.post(target, cents)", "pass"),
        ("held += cents", "held = cents"),
    ]
    target.write_text(right)
    green, told = suite()
    assert green, told
    for old, new in swaps:
        assert old in right
        target.write_text(right.replace(old, new))
        green, told = suite()
        assert not green, f"{new} is not noticed"


{"01": tdd, "02": book, "03": command, "04": gone}[PHASE]()
