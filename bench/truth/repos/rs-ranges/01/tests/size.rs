use ranges::size::size;

#[test]
fn ranges_are_counted() {
    assert_eq!(size(&[1..3, 7..10]), 5);
}

#[test]
fn nothing_is_counted() {
    assert_eq!(size(&[]), 0);
}
