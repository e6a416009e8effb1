"""Say whether the work is right: many calls against tables written another way."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

PHASE, REPO = sys.argv[1], Path(sys.argv[2])


def node(code):
    done = subprocess.run(
        ["node", "--input-type=module", "-e", code], capture_output=True, timeout=20
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


WHY = {
    429: "quota-exhausted",
    402: "quota-exhausted",
    401: "no-token",
    **dict.fromkeys(range(500, 600), "upstream-failed"),
}


def bucket():
    got = node(
        "import {classify} from './src/bucket.js';"
        "const out = []; for (let s = 300; s < 700; s += 1) out.push(classify({status: s}));"
        "out.push(classify({status: 401, code: 'expired'}), classify({}), classify({code: 'ECONNRESET'}));"
        "console.log(JSON.stringify(out))"
    )
    assert got[:400] == [WHY.get(s) for s in range(300, 700)]
    assert got[400:] == ["expired-refresh-failed", "upstream-failed", "upstream-failed"]
    rings, wanted = [], []
    names = ["a", "b", "c"]
    for n in range(4):
        for bad in itertools.combinations(names, n):
            for after in [None, *names]:
                rings.append([names, dict.fromkeys(bad, "no-token"), after])
                at = 0 if after is None else names.index(after) + 1
                ring = (names * 2)[at : at + 3]
                wanted.append(next((x for x in ring if x not in bad), None))
    got = node(
        "import {nextBucket} from './src/bucket.js';"
        f"const c = {json.dumps(rings)};"
        "console.log(JSON.stringify(c.map(([n, r, a]) => nextBucket(n, r, a ?? undefined))))"
    )
    assert got == wanted, (got, wanted)
    got = node(
        "import {waitSeconds as w} from './src/bucket.js';"
        "console.log(JSON.stringify([[{retryAfter: 12}, 1], [{retryAfter: 100}, 1], [{retryAfter: 0}, 4],"
        " [{}, 0], [{}, 1], [{}, 2], [{}, 5], [{}, 6], [{}, 40]].map(([e, a]) => w(e, a))))"
    )
    assert got == [12, 60, 1, 1, 2, 4, 32, 60, 60], got


def client():
    got = node(
        "import {send} from './src/client.js';"
        "async function go(answers, names) { const slept = [], asked = [];"
        " const io = {fetch: async (q, b) => { asked.push(b); const a = answers[b];"
        "  if (typeof a === 'string') return q + a; throw a; }, sleep: async (s) => { slept.push(s); }};"
        " try { return [await send('q', names, io), asked, slept]; }"
        " catch (e) { return [e.reasons ?? e, asked, slept]; } }"
        "console.log(JSON.stringify([await go({a: 'x'}, ['a']),"
        " await go({a: {status: 500}, b: {status: 402, retryAfter: 9}, c: 'y'}, ['a', 'b', 'c']),"
        " await go({a: {status: 500}, b: {status: 404}}, ['a', 'b']), await go({}, []),"
        " await go({a: {status: 401, code: 'expired'}}, ['a']),"
        " await go({a: {}, b: {status: 500}, c: {status: 502}}, ['a', 'b', 'c'])]))"
    )
    assert got == [
        [{"bucket": "a", "body": "qx"}, ["a"], []],
        [{"bucket": "c", "body": "qy"}, ["a", "b", "c"], [2, 9]],
        [{"status": 404}, ["a", "b"], [2]],
        [{}, [], []],
        [{"a": "expired-refresh-failed"}, ["a"], []],
        [dict.fromkeys("abc", "upstream-failed"), ["a", "b", "c"], [2, 4]],
    ], got


def green():
    try:
        done = subprocess.run(["npm", "test", "--silent"], capture_output=True, timeout=10)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def tdd(path, stage, swaps):
    right = (REPO / stage / path).read_text()
    Path(path).write_text(right)
    assert green(), "the right product does not pass"
    for old, new in swaps:
        assert old in right, old
        Path(path).write_text(right.replace(old, new))
        assert not green(), f"{new} is not noticed"


def classification_tests():
    tdd(
        "src/bucket.js",
        "03",
        [
            ("status === 402", "false"),
            ("code === 'expired'", "true"),
            ("status === undefined ||", ""),
            ("reasons[bucket] === undefined", "true"),
            ("error.retryAfter ??", ""),
            ("Math.min(60, ", "Math.min(1000, "),
        ],
    )


def client_tests():
    tdd(
        "src/client.js",
        "05",
        [
            ("throw error;", ""),
            ("await sleep(waitSeconds(error, attempt));", ""),
            ("reasons[bucket] = reason;", "reasons[bucket] = 'no-token';"),
            ("{ bucket, body: await fetch(request, bucket) }", "{ bucket, body: '' }"),
        ],
    )


def release():
    client()
    for path in ("package.json", "package-lock.json"):
        assert json.loads(Path(path).read_text())["version"] == "0.5.0"
    assert "0.5.0" in Path("CHANGELOG.md").read_text()


{
    "01": classification_tests,
    "02": bucket,
    "03": client_tests,
    "04": client,
    "05": release,
}[PHASE]()
