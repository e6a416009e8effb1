from hand import add, put, say

put(
    "src/spans.rs",
    """//! Put ranges together, and find what lies between.

use std::ops::Range;

/// Return the same numbers as sorted ranges that neither overlap nor touch.
///
/// ```
/// assert_eq!(ranges::spans::merge(&[4..6, 1..4]), vec![1..6]);
/// ```
pub fn merge(ranges: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut sorted = ranges.to_vec();
    sorted.retain(|r| r.start < r.end);
    sorted.sort_unstable_by_key(|r| (r.start, r.end));
    sorted.into_iter().fold(Vec::new(), |mut done: Vec<Range<u32>>, next| {
        match done.last_mut().filter(|last| next.start <= last.end) {
            Some(last) => last.end = last.end.max(next.end),
            None => done.push(next),
        }
        done
    })
}

/// Return what no range covers of another one.
pub fn gaps(ranges: &[Range<u32>], within: Range<u32>) -> Vec<Range<u32>> {
    let bounds = std::iter::once(0..within.start).chain(merge(ranges)).chain([within.end..u32::MAX]);
    let bounds: Vec<_> = bounds.collect();
    let mut at = within.start;
    let mut found = Vec::new();
    for range in &bounds {
        if range.start > at && at < within.end {
            found.push(at..range.start.min(within.end));
        }
        at = at.max(range.end);
    }
    found
}
""",
)
put("examples/gaps.rs", "use ranges::spans::gaps;\n\nfn main() {\n    println!(\"{:?}\", gaps(&[2..4], 0..9));\n}\n")
put("README.md", "# ranges\n\n`cargo run --example gaps`\n")
say()
