//! Put ranges together, and find what lies between.

use std::ops::Range;

/// Return the same numbers as sorted ranges that neither overlap nor touch.
pub fn merge(ranges: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut sorted: Vec<_> = ranges.iter().filter(|r| !r.is_empty()).cloned().collect();
    sorted.sort_by_key(|r| r.start);
    let mut merged: Vec<Range<u32>> = Vec::new();
    for range in sorted {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Return what no range covers of another one.
pub fn gaps(ranges: &[Range<u32>], within: Range<u32>) -> Vec<Range<u32>> {
    let mut found = Vec::new();
    let mut start = within.start;
    for range in merge(ranges) {
        let end = range.start.min(within.end);
        if start < end {
            found.push(start..end);
        }
        start = start.max(range.end);
    }
    if start < within.end {
        found.push(start..within.end);
    }
    found
}
