//! What is done to tenants: connect them, sync them, watch them (alerts), judge their posture. Here live the decisions;
//! SQL is the store's, HTTP is the graph client's, windows are the shell's.

pub mod views;
