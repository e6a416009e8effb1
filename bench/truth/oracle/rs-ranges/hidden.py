"""Say whether the work is right: a Rust program of our own beside the crate."""

import subprocess
import sys
from pathlib import Path

PHASE, REPO = sys.argv[1], Path(sys.argv[2])

SETS = """
use std::collections::BTreeSet;
use std::ops::Range;
fn all(rs: &[Range<u32>]) -> BTreeSet<u32> { rs.iter().cloned().flatten().collect() }
#[test]
fn hidden() {
    let mut seed: u32 = 5;
    let mut next = |m: u32| { seed = seed.wrapping_mul(1664525).wrapping_add(1013904223); (seed >> 16) % m };
    for _ in 0..500 {
        let n = next(6);
        let rs: Vec<_> = (0..n).map(|_| { let s = next(20); s..s + next(6) }).collect();
        let m = ranges::spans::merge(&rs);
        assert_eq!(all(&m), all(&rs));
        assert!(m.iter().all(|r| !r.is_empty()));
        assert!(m.windows(2).all(|w| w[0].end < w[1].start));
        let s = next(20); let within = s..s + next(10);
        let g = ranges::spans::gaps(&rs, within.clone());
        let wanted: BTreeSet<u32> = within.filter(|x| !all(&rs).contains(x)).collect();
        assert_eq!(all(&g), wanted);
        assert!(g.windows(2).all(|w| w[0].end < w[1].start) && g.iter().all(|r| !r.is_empty()));
    }
}
"""
TEXT = """
use ranges::text::{parse, show};
#[test]
fn hidden() {
    assert_eq!(parse(""), Ok(vec![]));
    assert_eq!(parse("12..40"), Ok(vec![12..40]));
    assert_eq!(parse("1..2,3..,4..5"), Err("3..".to_string()));
    assert_eq!(parse("a..2"), Err("a..2".to_string()));
    assert_eq!(show(&[1..2, 5..5]), "1..2,5..5");
    assert_eq!(show(&[]), "");
}
"""


def cargo(*words):
    done = subprocess.run(["cargo", *words], capture_output=True)
    return done.returncode == 0, (done.stdout + done.stderr).decode()


def beside(code):
    Path("tests/hidden_probe.rs").write_text(code)
    fine, told = cargo("test", "--quiet", "--test", "hidden_probe")
    assert fine, told[-500:]


def stub():
    fine, told = cargo("build", "--quiet")
    assert fine, told
    assert "fn merge" in Path("src/spans.rs").read_text()


def tdd():
    right = (REPO / "04/src/spans.rs").read_text()
    swaps = [
        ("range.start <= last.end", "range.start < last.end"),
        ("last.end.max(range.end)", "range.end"),
        (".filter(|r| !r.is_empty())", ""),
        ("sorted.sort_by_key(|r| r.start);", ""),
        ("if start < within.end {", "if false {"),
    ]
    target = Path("src/spans.rs")
    target.write_text(right)
    fine, told = cargo("test", "--quiet")
    assert fine, told[-500:]
    for old, new in swaps:
        assert old in right, old
        target.write_text(right.replace(old, new).replace("let mut sorted", "#[allow(unused_mut)] let mut sorted"))
        assert not cargo("test", "--quiet")[0], f"{new} is not noticed"


{"01": stub, "02": tdd, "03": lambda: beside(SETS), "04": lambda: beside(TEXT)}[PHASE]()
