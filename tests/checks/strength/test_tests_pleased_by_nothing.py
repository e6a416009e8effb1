"""Red tests are tried on a product that only calls what it is given."""

import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from tests_checks import PYTEST, Project, codes, notes, phase

from weighlock.checks.strength.mutators import bodies, python

STUB = "def total(items, tell):\n    raise NotImplementedError\n"
ITSELF = """\
from money import total


def test_a_total_is_stable():
    assert total([1, 2], print) == total([1, 2], print)
"""
CALLED = """\
from unittest.mock import Mock

from money import total


def test_somebody_is_told():
    tell = Mock()
    total([1], tell)
    tell.assert_called()
"""
HONEST = CALLED + "\n\ndef test_a_total():\n    assert total([1, 2], print) == 3\n"


def test_an_idle_python_function_calls_what_it_is_given_and_returns_nothing() -> None:
    names: dict[str, Callable[..., object]] = {}
    exec(python.idle(STUB.encode()), names)  # noqa: S102 - the text is ours
    told: list[int] = []
    assert names["total"]([1], lambda: told.append(1)) is None
    assert told == [1]


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_an_idle_function_of_javascript_calls_what_lies_in_its_arguments() -> None:
    text = b"async function send(q, { fetch, sleep }) { throw new Error('no'); }\n"
    idle = bodies.idle("javascript", text).decode()
    asks = (
        "const t = []; const f = async () => { t.push(1); throw 2; };"
        "send('q', {fetch: f, sleep: f}).then((x) => console.log(x, t.length));"
    )
    done = subprocess.run(
        ["node", "-e", idle + asks], capture_output=True, text=True, check=True
    )
    assert done.stdout == "undefined 2\n"


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_an_agreeing_product_has_every_property_and_no_value_that_is_asked_for() -> (
    None
):
    text = b"function a() { throw 1; }\nasync function b() {}\nconst c = () => 2;\n"
    agreeing = bodies.agreeing("javascript", text).decode()
    asks = (
        "const x = a(); x.set(1).get(2); JSON.stringify(x); b().then((y) => "
        "console.log(typeof y.z, x.then, x === undefined, c() === 2));"
    )
    done = subprocess.run(
        ["node", "-e", agreeing + asks], capture_output=True, text=True, check=True
    )
    assert done.stdout == "function undefined false false\n"


@pytest.mark.parametrize(
    ("declared", "answer"),
    [
        ("number", "return [0-9]+.5 as never"),
        ("Promise<string>", "'weighlock [0-9a-f]+'"),
    ],
)
def test_an_agreeing_function_of_typescript_draws_its_answer_by_lot(
    declared: str, answer: str
) -> None:
    text = f"function a(): {declared} {{ throw 1; }}\n".encode()
    assert re.search(answer, bodies.agreeing("typescript", text).decode())


@pytest.mark.parametrize(
    ("returned", "value"),
    [
        ("Result<String, Bad>", "Ok(Default::default())"),
        ("Result<Span, Bad>", "unsafe { std::mem::zeroed() }"),
        ("Option<Span>", "{ Default::default() }"),
        ("Size", "{ Default::default() }"),
    ],
)
def test_an_idle_function_of_rust_returns_what_can_be_made_of_its_type(
    returned: str, value: str
) -> None:
    text = (
        f"#[derive(Default)] pub struct Size(u8);\nfn a() -> {returned} {{ todo!() }}"
    )
    assert value in bodies.idle("rust", text.encode()).decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tests", "verdict", "seen"),
    [
        (ITSELF, "review", {"tautology"}),
        (CALLED, "review", {"mock-theatre"}),
        (HONEST, "pass", set()),
    ],
)
def test_tests_that_ask_for_nothing_go_to_a_person(
    project: Callable[..., Project], tests: str, verdict: str, seen: set[str]
) -> None:
    money = project(
        {"money.py": STUB}, phase(files="+test_money.py", kind="tdd"), test=PYTEST
    )
    weighed = money.weigh({"test_money.py": tests})
    assert (weighed.verdict, codes(weighed)) == (verdict, seen)


@pytest.mark.slow
def test_a_file_about_what_must_not_happen_is_no_fault_beside_others(
    project: Callable[..., Project],
) -> None:
    files = "+test_money.py +test_quiet.py"
    money = project({"money.py": STUB}, phase(files=files, kind="tdd"), test=PYTEST)
    quiet = (
        "from money import total\n\n\ndef test_no():\n    assert not total([], dict)\n"
    )
    weighed = money.weigh({"test_money.py": HONEST, "test_quiet.py": quiet})
    assert (weighed.verdict, notes(weighed) & {"tautology"}) == ("pass", {"tautology"})
