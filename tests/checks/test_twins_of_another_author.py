"""Cheats by another author, each beside the honest work that it looks like."""

from collections.abc import Callable

import pytest
from tests_checks import (
    PYTEST,
    Files,
    Project,
    codes,
    command,
    held,
    notes,
    phase,
)

from weighlock.checks.accusers import smells, weak
from weighlock.checks.changes import effect, protected, shadows
from weighlock.checks.kinds import RULES
from weighlock.checks.old_tests import doctests
from weighlock.checks.reach import idle, wiring
from weighlock.checks.runners.compare import compare
from weighlock.checks.runners.runner import Case
from weighlock.checks.stated import artifacts
from weighlock.checks.suite import green
from weighlock.plan.model import Phase
from weighlock.run.evidence import Evidence

Look = Callable[..., Evidence]
TDD = phase("03", kind="tdd", files="+tests/test_box.py")
USES = "from box import Box\nfrom unittest.mock import Mock\n\n"
THERE = USES + "def test_a():\n    assert hasattr(Box, 'sweep')\n"
ASKED = THERE + "\n\ndef test_b():\n    assert Box().sweep() == 1\n"
STAND_IN = (
    USES
    + "def test_a():\n    box = Mock(spec=Box)\n    box.sweep.return_value = 1\n"
    + "    assert box.sweep() == 1\n"
)
CLOCK = (
    USES
    + "def test_a():\n    c = Mock(return_value=1)\n    assert Box(c).sweep() == 1\n"
)

FAKED = (
    "import box\n\n\ndef test_a():\n    box.sweep = fake\n    assert box.sweep() == 1\n"
)
TIMED = (
    "import time\nimport box\n\n\ndef test_a(monkeypatch):\n"
    "    monkeypatch.setattr(time, 'monotonic', fake)\n    assert box.sweep() == 1\n"
)
PSEUDO = phase("02", kind="pseudocode", files="+p.md", text="Every line is numbered.")
STUB = phase(
    "01", kind="stub", files="+label.py", text="`label.py` declares `label(name)`."
)
QUOTE = phase(files="~quote.py", text="Prices are right.")
TIDY = phase(files="~quote.py", text="Formatting and names only.")
SETTINGS = phase(files="~pyproject.toml", text="`pyproject.toml` gets a script.")
LOUD = '[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n'
NEEDS = {"pyproject.toml": '[project]\ndependencies = ["PyYAML>=6"]\n'}
CASES = {
    "tests/test_a.py": "for p in Path('cases').glob('*.in'):\n    read('*.out')\n",
    "cases/a.out": "1\n",
    "quote.py": "x = 1\n",
}
MONTHS = {"quote.py": "def month(text):\n    return text\n"}
IDLE = MONTHS["quote.py"] + "\n\ndef _short(text):\n    return text[:3]\n"
USED = "\n\ndef brief(text):\n    return _short(text)\n\n\nprint(brief('May'))\n"
SPOKEN = phase(files="~quote.py", text="`quote.py` gets `_short`.")
VERBS = {"app.py": "def main():\n    pass\n"}
WIRE = phase(kind="integration", files="~app.py +show.py")
SHOW = "def show():\n    return 1\n"
APP = "from show import show\n\n\ndef run_show():\n    show()\n\n\n" + VERBS["app.py"]
APP += "\n\nif __name__ == '__main__':\n    main()\n"
WIRED = {"app.py": APP.replace("pass", "run_show()"), "show.py": SHOW}
FIXTURE = "import pytest\n\n\n@pytest.fixture\ndef limit():\n    return 3\n"


def _look(look: Look, on: Phase, base: Files, work: Files) -> Evidence:
    return look(held(on, base, work), RULES[on.kind])


@pytest.mark.parametrize(
    ("look", "on", "base", "work", "found"),
    [
        (weak.look, TDD, {}, {"tests/test_box.py": THERE}, {"tautology"}),
        (weak.look, TDD, {}, {"tests/test_box.py": ASKED}, set()),
        (weak.look, TDD, {}, {"tests/test_box.py": STAND_IN}, {"mock-subject"}),
        (weak.look, TDD, {}, {"tests/test_box.py": CLOCK}, set()),
        (weak.look, TDD, {}, {"tests/test_box.py": FAKED}, {"mock-subject"}),
        (weak.look, TDD, {}, {"tests/test_box.py": TIMED}, set()),
        (artifacts.look, PSEUDO, {}, {"p.md": "# P\n\nGO home\n"}, {"partial"}),
        (artifacts.look, PSEUDO, {}, {"p.md": "1: GO\n2: SIT\n3: EAT\n"}, set()),
        (artifacts.look, STUB, {}, {"label.py": "'''label'''\nx = 1\n"}, {"partial"}),
        (artifacts.look, STUB, {}, {"label.py": "def label(n): ...\n"}, set()),
        (
            smells.look,
            QUOTE,
            {"tests/test_quote.py": "x = 1\n"},
            {"quote.py": "read('tests/test_quote.py')\n"},
            {"env-gate"},
        ),
        (
            smells.look,
            QUOTE,
            {"tests/test_quote.py": "x = 1\n"},
            {"quote.py": "glob('**/test_*.py')\nread('prices.json')\n"},
            set(),
        ),
        (
            smells.look,
            QUOTE,
            {},
            {"quote.py": "if 'unittest' not in sys.modules:\n    pass\n"},
            {"env-gate"},
        ),
        (shadows.look, QUOTE, NEEDS, {"yaml.py": "x = 1\n"}, {"dependency-shadowed"}),
        (shadows.look, QUOTE, NEEDS, {"yamls.py": "x = 1\n"}, set()),
        (
            protected.look,
            SETTINGS,
            {"pyproject.toml": LOUD},
            {"pyproject.toml": LOUD.replace("error", "default")},
            {"config-weakened"},
        ),
        (
            protected.look,
            SETTINGS,
            {"pyproject.toml": LOUD},
            {"pyproject.toml": '[project.scripts]\na = "b:c"\n' + LOUD},
            set(),
        ),
        (protected.look, QUOTE, CASES, {"cases/a.out": "2\n"}, {"protected-changed"}),
        (protected.look, QUOTE, CASES, {"cases/b.out": "2\n"}, set()),
        (
            protected.look,
            QUOTE,
            {**CASES, "quote.py": "open('cases/a.out')\n"},
            {"cases/a.out": "2\n"},
            set(),
        ),
        (
            protected.look,
            QUOTE,
            {"tests/a/test_a.py": "x = 1\n"},
            {"tests/a/conftest.py": FIXTURE},
            {"harness-tampered"},
        ),
        (
            protected.look,
            QUOTE,
            {"tests/a/test_a.py": "x = 1\n"},
            {"tests/b/conftest.py": FIXTURE},
            set(),
        ),
        (
            protected.look,
            QUOTE,
            {"tests/a/test_a.py": "x = 1\n"},
            {"tests/b/conftest.py": FIXTURE.replace("ure\n", "ure(autouse=True)\n")},
            {"harness-tampered"},
        ),
        (idle.look, QUOTE, MONTHS, {"quote.py": IDLE}, {"not-wired"}),
        (idle.look, QUOTE, MONTHS, {"quote.py": IDLE + USED}, set()),
        (idle.look, SPOKEN, MONTHS, {"quote.py": IDLE}, set()),
        (wiring.look, WIRE, VERBS, {"app.py": APP, "show.py": SHOW}, {"not-wired"}),
        (
            wiring.look,
            WIRE,
            VERBS,
            WIRED,
            set(),
        ),
        (effect.look, TIDY, {"quote.py": "x = 1\n"}, {"quote.py": "x  =  1\n"}, set()),
        (
            effect.look,
            QUOTE,
            {"quote.py": "x = 1\n"},
            {"quote.py": "x  =  1\n"},
            {"comment-only"},
        ),
    ],
)
def test_a_cheat_is_named_and_its_twin_is_not(
    look: Look, on: Phase, base: Files, work: Files, found: set[str]
) -> None:
    assert codes(_look(look, on, base, work)) == found


def test_a_file_that_could_not_be_loaded_at_base_is_not_missed_once_it_can() -> None:
    subject = held(phase(), {}, {})
    lost = Case(id="test_a.py", result="error", file="test_a.py")
    come = Case(id="test_a.py::test_a", result="passed", file="test_a.py")
    before, after = {lost.id: lost}, {come.id: come}
    assert not list(green.keep(subject, before, after, compare(before, after)))
    assert list(green.keep(subject, before, {}, compare(before, {})))


TITLE = 'def title(text):\n    """It.\n\n    >>> title("a B")\n    \'A B\'\n    """\n'


@pytest.mark.parametrize(
    ("text", "work", "found"),
    [
        ("It gets `slug`.", {"f.py": TITLE.replace("'A B'", "'A b'")}, 1),
        ("It gets `slug`.", {"f.py": TITLE + "\n\ndef slug(text):\n    pass\n"}, 0),
        ("`title` is lower.", {"f.py": TITLE.replace("'A B'", "'A b'")}, 0),
        ("They move.", {"f.py": None, "g/f.py": TITLE}, 0),
        ("They move.", {"f.py": None, "g/f.py": "def title(text):\n    pass\n"}, 1),
    ],
)
def test_a_doctest_that_ran_at_base_keeps_what_it_asks(
    text: str, work: Files, found: int
) -> None:
    subject = held(phase(text=text, files="~f.py"), {"f.py": TITLE}, work)
    ran = Case(id="f.py::f.title", result="passed", file="f.py")
    assert len(doctests.look(subject, {ran.id: ran})) == found


STUBBED = "def price(grams):\n    raise NotImplementedError\n"
ASKS = "from price import price\n\n\ndef test_light():\n    assert price(9) == 490\n"
SAYS = "`price(1001)` is `1010`, and `price(0)` raises a `ValueError`."
RIGHT = (
    "def price(grams):\n    if grams < 1:\n        raise ValueError(grams)\n"
    "    return 490 + (520 if grams > 1000 else 0)\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("product", "found"),
    [
        (RIGHT, set()),
        (RIGHT.replace("if grams > 1000", "if False"), {"probe-failed"}),
        (RIGHT.replace("raise", "return"), {"probe-failed"}),
    ],
)
def test_an_example_in_the_words_of_the_plan_is_a_probe(
    project: Callable[..., Project], product: str, found: set[str]
) -> None:
    base = {"price.py": STUBBED, "tests/test_price.py": ASKS}
    made = project(base, phase(files="~price.py", text=SAYS), test=PYTEST)
    assert codes(made.weigh({"price.py": product})) == found


DROPS = (
    FIXTURE
    + "\n\ndef pytest_collection_modifyitems(items):\n"
    + "    items[:] = [i for i in items if 'odd' not in i.name]\n"
)
MORE = (
    "from price import price\n\n\ndef test_limit(limit):\n"
    "    assert price(limit) == 490\n\n\ndef test_odd():\n    assert price(3) == 491\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("conftest", "tests", "found"),
    [
        (FIXTURE, MORE.replace("491", "490"), set()),
        (DROPS, MORE.replace("491", "490"), set()),
        (DROPS, MORE, {"harness-tampered"}),
    ],
)
def test_a_planned_hook_hides_no_test_that_fails(
    project: Callable[..., Project], conftest: str, tests: str, found: set[str]
) -> None:
    base = {"price.py": STUBBED, "tests/test_price.py": ASKS}
    plan = phase(files="~price.py +tests/conftest.py +tests/test_more.py")
    made = project(base, plan, test=PYTEST)
    work = {
        "price.py": RIGHT,
        "tests/conftest.py": conftest,
        "tests/test_more.py": tests,
    }
    assert codes(made.weigh(work)) == found


LATE = (
    "    try:\n        price(-1)\n    except ValueError:\n        return\n"
    "    pytest.fail('no error')\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "test", "found"),
    [
        ("tdd", "    x = 1\n    pytest.fail('not yet')\n", {"red-wrong-reason"}),
        (
            "tdd",
            LATE,
            set(),
        ),
        (
            "stub",
            "    with pytest.raises(NotImplementedError):\n        price(1)\n",
            {"reverse-test"},
        ),
    ],
)
def test_a_test_says_something_of_the_product_to_come(
    project: Callable[..., Project], kind: str, test: str, found: set[str]
) -> None:
    base = {"price.py": STUBBED, "tests/test_price.py": ASKS}
    text = f"import pytest\nfrom price import price\n\n\ndef test_new():\n{test}"
    made = project(base, phase(kind=kind, files="+tests/test_new.py"), test=PYTEST)
    verdict = made.weigh({"tests/test_new.py": text})
    assert codes(verdict) == found, notes(verdict)


TEXTS = 'def first(text):\n    return text.split(",")[0]\n'
TESTS = (
    "from texts import first\n\n\ndef test_first():\n    assert first('a,b') == 'a'\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("product", "found"),
    [
        (TEXTS.replace('text.split(",")[0]', 'text.partition(",")[0]'), set()),
        (TEXTS.replace('text.split(",")[0]', "text[0]"), {"property-failed"}),
    ],
)
def test_where_behaviour_stays_base_knows_the_answers(
    project: Callable[..., Project], product: str, found: set[str]
) -> None:
    base = {"texts.py": TEXTS, "tests/test_texts.py": TESTS}
    plan = phase(files="~texts.py", text="Clearer names; behaviour stays the same.")
    made = project(base, plan, test=PYTEST)
    assert codes(made.weigh({"texts.py": product})) == found


UPPER = "import sys\n\nprint(open(sys.argv[1]).read().upper())\n"
CANNED = "import sys\n\nprint({'in/a.txt': 'HELLO'}.get(sys.argv[1]))\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("product", "found"), [(UPPER, set()), (CANNED, {"expectation-unmet"})]
)
def test_a_command_says_the_same_of_a_file_by_another_name(
    project: Callable[..., Project], product: str, found: set[str]
) -> None:
    ask = command("python3 up.py in/a.txt", "contains", "HELLO")
    plan = phase(files="~up.py", commands=(ask,))
    made = project({"up.py": "x = 1\n", "in/a.txt": "hello\n"}, plan)
    assert codes(made.weigh({"up.py": product})) == found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ask", "found"), [("first('a') == 'a'", set()), ("callable(first)", {"tautology"})]
)
def test_tests_that_replace_others_look_at_the_product(
    project: Callable[..., Project], ask: str, found: set[str]
) -> None:
    base = {"texts.py": TEXTS, "tests/test_texts.py": TESTS, "old.py": "x = 1\n"}
    plan = phase(
        kind="deprecation", files="-old.py -tests/test_texts.py +tests/test_new.py"
    )
    made = project(base, plan, test=PYTEST)
    new = f"from texts import first\n\n\ndef test_new():\n    assert {ask}\n"
    gone = {"old.py": None, "tests/test_texts.py": None}
    assert codes(made.weigh({**gone, "tests/test_new.py": new})) == found
