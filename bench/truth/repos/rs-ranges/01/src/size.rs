//! How many numbers ranges hold.

use std::ops::Range;

/// Count the numbers of ranges that do not overlap.
pub fn size(ranges: &[Range<u32>]) -> u64 {
    ranges
        .iter()
        .map(|r| u64::from(r.end.saturating_sub(r.start)))
        .sum()
}
