//! How people write ranges.

use std::ops::Range;

/// Read `1..3,7..9`; the error is the part that is no range.
pub fn parse(text: &str) -> Result<Vec<Range<u32>>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(',').map(one).collect()
}

fn one(part: &str) -> Result<Range<u32>, String> {
    let wrong = || part.to_string();
    let (start, end) = part.split_once("..").ok_or_else(wrong)?;
    Ok(start.parse().map_err(|_| wrong())?..end.parse().map_err(|_| wrong())?)
}

/// Write ranges as `parse` reads them.
pub fn show(ranges: &[Range<u32>]) -> String {
    let parts: Vec<_> = ranges.iter().map(|r| format!("{}..{}", r.start, r.end)).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let text = "1..3,7..9";
        assert_eq!(show(&parse(text).unwrap()), text);
    }

    #[test]
    fn the_wrong_part_is_named() {
        assert_eq!(parse("1..3,x"), Err("x".to_string()));
    }
}
