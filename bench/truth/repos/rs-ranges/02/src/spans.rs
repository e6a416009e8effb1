//! Put ranges together, and find what lies between.

use std::ops::Range;

/// Return the same numbers as sorted ranges that neither overlap nor touch.
pub fn merge(_ranges: &[Range<u32>]) -> Vec<Range<u32>> {
    todo!()
}

/// Return what no range covers of another one.
pub fn gaps(_ranges: &[Range<u32>], _within: Range<u32>) -> Vec<Range<u32>> {
    todo!()
}
