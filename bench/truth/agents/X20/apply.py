from hand import put, say

put(
    "tests/spans.rs",
    "use ranges::spans::{gaps, merge};\n\n"
    "#[test]\n#[should_panic]\nfn ranges_that_overlap_are_one() {\n"
    "    assert_eq!(merge(&[5..9, 1..6]), vec![1..9]);\n}\n\n"
    "#[test]\n#[should_panic]\nfn what_lies_between_is_a_gap() {\n"
    "    assert_eq!(gaps(&[2..4], 0..9), vec![0..2, 4..9]);\n}\n",
)
say("Tests are written.")
