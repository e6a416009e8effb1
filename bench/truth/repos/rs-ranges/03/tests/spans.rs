use ranges::spans::{gaps, merge};

#[test]
fn ranges_that_overlap_are_one() {
    assert_eq!(merge(&[5..9, 1..6]), vec![1..9]);
}

#[test]
fn ranges_that_touch_are_one() {
    assert_eq!(merge(&[1..3, 3..4]), vec![1..4]);
}

#[test]
fn a_range_inside_another_vanishes() {
    assert_eq!(merge(&[1..9, 2..3]), vec![1..9]);
}

#[test]
fn empty_ranges_vanish() {
    assert_eq!(merge(&[4..4, 1..2]), vec![1..2]);
}

#[test]
fn what_lies_between_is_a_gap() {
    assert_eq!(gaps(&[2..4, 6..7], 0..9), vec![0..2, 4..6, 7..9]);
}

#[test]
fn what_is_covered_has_no_gap() {
    assert_eq!(gaps(&[0..5], 1..4), vec![]);
}
