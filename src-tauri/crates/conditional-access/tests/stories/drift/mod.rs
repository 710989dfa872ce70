//! Baselines and drift, told as what a technician is told.

mod accounts;
mod built_in;
mod effects;
mod imports;
mod mapped;
mod near_misses;
mod overlaps;
mod policies;
mod sample;
mod stored;
mod tenant;
mod told;
mod unknowns;
mod weakening;
