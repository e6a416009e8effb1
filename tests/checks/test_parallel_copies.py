"""Code that was to be changed is changed in its place, not copied beside it."""

import pytest
from tests_checks import codes, held, phase

from weighlock.checks.changes import copies
from weighlock.checks.kinds import RULES

BUCKET = """
class Bucket:
    def __init__(self, size, rate):
        self.size = size
        self.rate = rate
        self.left = size

    def take(self, number, now):
        self.left = min(self.size, self.left + self.rate * (now - self.last))
        self.last = now
        if number > self.left:
            return False
        self.left -= number
        return True

    def wait(self, number):
        if number <= self.left:
            return 0
        return (number - self.left) / self.rate
"""
TS = """
export class Queue<T> {
  private items: T[] = [];
  constructor(private readonly limit: number, private readonly name: string) {}
  push(item: T): boolean {
    if (this.items.length >= this.limit) { return false; }
    this.items.push(item);
    return true;
  }
  pop(): T | undefined { return this.items.shift(); }
  drain(count: number): T[] { return this.items.splice(0, count); }
}
"""
BETTER = BUCKET.replace("class Bucket", "class BucketV2").replace(
    "return 0", "return 0.0"
)
HELPER = BUCKET[BUCKET.index("    def take") : BUCKET.index("    def wait")]


@pytest.mark.parametrize(
    ("base", "work", "verdict"),
    [
        ({"k/b.py": BUCKET}, {"k/b_v2.py": BETTER}, "fail"),
        ({"k/b.py": BUCKET}, {"k/b_v2.py": BETTER, "k/b.py": f"# 2\n{BUCKET}"}, "fail"),
        (
            {"k/b.py": BUCKET},
            {"k/v2.py": BETTER, "k/b.py": f"A = 1\n{BUCKET}"},
            "review",
        ),
        ({"s/q.ts": TS}, {"s/q2.ts": TS.replace("Queue", "SafeQueue")}, "fail"),
    ],
)
def test_a_copy_in_place_of_a_change_is_seen(base, work, verdict) -> None:
    planned = phase(files="".join(f"~{path}" for path in base))
    found = copies.look(held(planned, base, work), RULES["impl"])
    assert (codes(found), found.verdict) == ({"parallel-copy"}, verdict)


@pytest.mark.parametrize(
    "work",
    [
        {"k/b.py": BETTER.replace("V2", "")},
        {"k/b.py": BUCKET.replace(HELPER, ""), "k/take.py": f"class Take:\n{HELPER}"},
        {"k/b.py": "from k.c import Bucket\n", "k/c.py": BUCKET},
        {
            "k/b.py": BUCKET + "\n\nmore = 1\n",
            "k/new.py": "def new(a):\n    return a\n",
        },
        {"tests/test_b.py": BUCKET},
    ],
)
def test_what_is_moved_or_only_new_is_no_copy(work) -> None:
    found = copies.look(
        held(phase(files="~k/b.py"), {"k/b.py": BUCKET}, work), RULES["impl"]
    )
    assert codes(found) == set()


def test_a_new_file_like_one_nobody_was_to_change_is_no_copy() -> None:
    planned = phase(files="+k/other.py")
    found = copies.look(
        held(planned, {"k/b.py": BUCKET}, {"k/other.py": BETTER}), RULES["impl"]
    )
    assert codes(found) == set()
