"""Say whether the work is right: many answers against tables written another way."""

import json
import subprocess
import sys
from pathlib import Path

PHASE, REPO = sys.argv[1], Path(sys.argv[2])
LOAD = (
    "import {createServer} from 'vite'; const s = await createServer({server: "
    "{middlewareMode: true}, logLevel: 'error', appType: 'custom'}); const load = (p) => "
    "s.ssrLoadModule(p); const {HttpError} = await load('/src/errors.ts');"
)


def node(code):
    done = subprocess.run(
        ["node", "--input-type=module", "-e", LOAD + code + "await s.close();"],
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def fault(status, code):
    if status in {402, 429}:
        return "quota"
    if (status, code) == (403, "revoked") or status == 401:
        return "credential"
    return "transient" if status == 0 or 500 <= status < 600 else "fatal"


def classified():
    asked = [(n, c) for n in (0, *range(399, 430), *range(498, 602)) for c in ("", "revoked")]
    waits = [[429, None, n] for n in range(12)] + [[503, s, 3] for s in (0, 1, 59, 60, 61)]
    got = node(
        "const {classify, coolDown} = await load('/src/classify.ts');"
        f"console.log(JSON.stringify([{json.dumps(asked)}.map(([n, c]) => "
        f"classify(new HttpError(n, c))), {json.dumps(waits)}.map(([n, s, a]) => "
        "coolDown(new HttpError(n, '', s), a))]));"
    )
    wanted = [min(60_000, 500 * 2**n if s is None else s * 1000) for _, s, n in waits]
    assert got == [[fault(n, c) for n, c in asked], wanted], got


def joined():
    asked = [(402, ""), (403, ""), (403, "revoked"), (0, ""), (599, ""), (418, ""), (404, "")]
    got = node(
        "const {send} = await load('/src/client.ts'); const out = [];"
        f"for (const [n, c] of {json.dumps(asked)}) out.push(await send(async (k) => {{"
        "if (k === 'a') throw new HttpError(n, c); return k; }, ['a', 'b'])"
        ".catch((e) => e.message)); console.log(JSON.stringify(out));"
    )
    assert got == [f"HTTP {n}" if fault(n, c) == "fatal" else "b" for n, c in asked], got
    assert "classify(" in Path("src/client.ts").read_text()


def green(tests):
    words = ["npm", "test", "--silent", "--", tests]
    return subprocess.run(words, capture_output=True, timeout=60).returncode == 0


def tdd(tests, path, stage, swaps):
    right = (REPO / stage / path).read_text()
    Path(path).write_text(right)
    assert green(tests), "the right product does not pass"
    for old, new in swaps:
        assert old in right, old
        Path(path).write_text(right.replace(old, new))
        assert not green(tests), f"{new} is not noticed"


def classification_tests():
    swaps = [("status === 429", "false"), ("* 1000", "* 100"), ("2 ** attempt", "1")]
    tdd("test/classify.test.ts", "src/classify.ts", "06", swaps)


def failover_tests():
    swaps = [("=== 'fatal'", "=== 'quota'"), ("throw error;", "")]
    tdd("test/failover.test.ts", "src/client.ts", "08", swaps)


{
    "04": classification_tests,
    "05": classified,
    "06": failover_tests,
    "07": joined,
}[PHASE]()
