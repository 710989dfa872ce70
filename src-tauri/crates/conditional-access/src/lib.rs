//! The Conditional Access engine: pure, no I/O, no clock
