//! What an insurer is told, decided from the store alone: the carriers' questions with their answers, the facts behind each, and the
//! data set whose hash the report prints. Pure once the facts are gathered; nothing is drawn here, and no answer says more than was read.

pub mod facts;
