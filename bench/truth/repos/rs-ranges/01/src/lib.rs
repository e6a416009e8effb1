//! Ranges of numbers.

pub mod size;
