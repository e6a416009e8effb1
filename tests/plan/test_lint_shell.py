import subprocess
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan.lint import Ground, lint
from weighlock.plan.lint.commands.shell_grammar import syntax_error
from weighlock.plan.model import Source
from weighlock.plan.read import read

GOOD = [
    "",
    "# only a comment",
    "npm test -- --run 'a b' \"c $(echo d)\" && echo ok || exit 1",
    "if [ -f a ]; then\n  echo a\nelif b; then c; else\n  d\nfi",
    'for f in a b *.md; do\n  echo "$f" | wc -l\ndone',
    "for ((i = 0; i < 3; i++)); do echo $i; done",
    'while read -r line; do echo "$line"; done < <(ls)',
    "case $x in\n  a|b) echo 1 ;;\n  (c) echo 2 ;;\n  *) ;;\nesac",
    "cat <<'EOF' > a.txt\nit's (fine) here `\nEOF\necho next",
    "f() {\n  local a=(1 2 3)\n  echo ${#a[@]}\n}\nfunction g { f; }",
    "[[ $a =~ ^(x|y)$ && $b < $c ]] && echo 'yes'",
    "x=$((1 + (2 * 3))); (( x > 2 )) && echo $x",
    "diff <(sort a) <(sort b) 2>/dev/null >&2 &",
    "echo $'it\\'s' `date` \\\n  more",
    "! grep -q foo bar; { a; b; }; (c; d) | e",
    "COUNT=$(grep -c x y | tr -d ' ')\n[ \"$COUNT\" -ge 3 ]",
]
BAD = [
    ("echo 'open", 1),
    ('echo "open', 1),
    ("echo `open", 1),
    ("if true; then\n  echo a", 1),
    ("echo a\nfi", 2),
    ("ls\nTask(\n  a: b\n)", 2),
    ("Runtime present (a, b)", 1),
    ("npm test <file>", 1),
    ("a &&", 1),
    ("| b", 1),
    ("for f in a; echo $f; done", 1),
    ("echo $(ls", 1),
    ("if a; then\n  # nothing\nelse\n  b\nfi", 3),
    ("foo ;; bar", 1),
]


@pytest.mark.parametrize("text", GOOD)
def test_what_a_shell_can_parse_has_no_error(text: str):
    assert syntax_error(text) is None


@pytest.mark.parametrize(("text", "line"), BAD)
def test_what_a_shell_cannot_parse_has_an_error_at_a_line(text: str, line: int):
    error = syntax_error(text)
    assert error is not None
    assert error.line == line


def test_bash_agrees_with_the_examples():
    for text in GOOD + [text for text, _ in BAD]:
        done = subprocess.run(
            ["bash", "-n"], input=text, text=True, capture_output=True, check=False
        )
        assert (done.returncode == 0) == (syntax_error(text) is None), text


@pytest.mark.parametrize("piece", ["(", "$(", "{ ", "if ", "`", "<("])
def test_ten_thousand_open_brackets_are_survived(piece: str):
    syntax_error(piece * 10_000)


PIECES = st.sampled_from(
    [
        *("a", "'b c'", '"$d"', ";", "&&", "|", "(", ")", "{", "}", "\n", "if", "then"),
        *("fi", "for x in y", "do", "done", "$(e)", ">", "f", "&", "||", "# z\n", "!"),
        *("`g`", "while", "else", "x=1", "2>&1"),
    ]
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=9))
def test_law_bash_agrees_on_small_scripts(pieces: list[str]):
    text = " ".join(pieces)
    done = subprocess.run(
        ["bash", "-n"], input=text, text=True, capture_output=True, check=False
    )
    assert (done.returncode == 0) == (syntax_error(text) is None), text


@pytest.mark.parametrize(
    "line",
    [
        "a" * 60_000 + "/b",
        "a." * 30_000 + "/",
        "a/" * 30_000,
        '"' * 20_000,
        "x || " * 8_000 + "true",
        "x.md lines " * 5_000,
        "REQ-1 " * 8_000,
    ],
    ids=["run", "dots", "slashes", "quotes", "branches", "references", "ids"],
)
def test_a_line_without_end_is_linted_in_no_time(line: str):
    text = f"## Phase 1: A\n{line}\n```bash\n{line}\n```\n## Phase 2: B\n`{line}`\n"
    plan = read([Source(path="p.md", data=text.encode())], path="p.md", root=".")
    started = process_time()
    lint(plan, Ground(tracked=frozenset({"a/b.py"})))
    assert process_time() - started < 2
