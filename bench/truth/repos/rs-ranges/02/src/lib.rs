//! Ranges of numbers.

pub mod size;
pub mod spans;
