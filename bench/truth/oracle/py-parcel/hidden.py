"""Say whether the work is right: prices by chance against a formula."""

import random
import subprocess
import sys
from pathlib import Path

PHASE, REPO = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, "src")
FEES = {"DE": 490, "FR": 890, "IT": 890, "US": 1590, "JP": 1590}


def raised(error, country, grams):
    from parcel.quote import quote

    try:
        quote(country, grams)
    except error:
        return True
    return False


def prices():
    from parcel.quote import TooHeavy, quote

    dice = random.Random(5)
    for _ in range(500):
        country = dice.choice(sorted(FEES))
        grams = dice.choice([dice.randint(1, 30000), 1, 1000, 1001, 1500, 1501, 30000])
        wanted = FEES[country] + 120 * max(0, -(-(grams - 1000) // 500))
        assert quote(country, grams) == wanted, (country, grams)
    assert raised(ValueError, "DE", 0) and raised(TooHeavy, "DE", 30001)
    assert raised(KeyError, "XX", 5), "an unknown country"
    assert quote("de", 5) == 490, "letters of any size"


def stub():
    from parcel.label import NoName, label

    assert issubclass(NoName, Exception) and callable(label)
    texts = [path.read_text() for path in Path("tests").rglob("test_*.py")]
    assert not any("NotImplementedError" in text for text in texts)


def suite():
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(words, capture_output=True)
    return done.returncode == 0, done.stdout.decode()


def tdd():
    """Good tests are green on the right product, and red on each of several wrong."""
    right = (REPO / "04/src/parcel/quote.py").read_text()
    target = Path("src/parcel/quote.py")
    swaps = [("1590", "1580"), ("120 *", "100 *"), ("grams < 1:", "grams < -9:"), ("-(-(grams", "((grams")]
    target.write_text(right)
    green, told = suite()
    assert green, told
    for old, new in swaps:
        assert old in right
        target.write_text(right.replace(old, new))
        assert not suite()[0], f"{new} is not noticed"


def command():
    words = [sys.executable, "-m", "parcel"]
    for more, said in ((["quote", "JP", "1001"], "17.10\n"), (["zone", "fr"], "B\n")):
        done = subprocess.run([*words, *more], cwd="src", capture_output=True, text=True)
        assert done.stdout == said, done


{"01": stub, "02": tdd, "03": prices, "04": command, "05": prices}[PHASE]()
