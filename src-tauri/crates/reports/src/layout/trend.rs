//! A line over days, in per cent: direct labels instead of a legend, lines told apart by their stroke and not by colour alone.

use chrono::NaiveDate;

use super::grid::ascent;
use super::placed::Kind;
use super::tags::Role;
use super::{Ink, Sheet, UNIT, leading, size};
use crate::fonts::Weight;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    Solid,
    Dashed,
}

/// One line of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: &'static str,
    pub ink: Ink,
    pub stroke: Stroke,
    /// Days in order; shares from 0 to 1.
    pub points: Vec<(NaiveDate, f32)>,
}

/// The height of the drawn area.
const HEIGHT: f32 = 26.0 * UNIT;
/// Room for the scale and for the labels behind the lines.
const SCALE: f32 = 34.0;
const LABELS: f32 = 110.0;

impl Sheet {
    /// Lines over the days that they have in common; nothing where there are fewer than two days.
    pub fn trend(&mut self, series: &[Series]) {
        let days = || series.iter().flat_map(|series| &series.points).map(|(day, _)| *day);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return };
        let span = (last - first).num_days();
        if span < 1 {
            return;
        }
        self.need(HEIGHT + 8.0 * UNIT);
        self.y += 2.0 * UNIT;
        let (top, left, measure) = (self.y, self.left() + SCALE, self.measure());
        let width = measure - SCALE - LABELS;
        let x = |day: NaiveDate| left + width * ((day - first).num_days() as f64 / span as f64) as f32;
        let y = |share: f32| top + HEIGHT * (1.0 - share.clamp(0.0, 1.0));
        let said = series
            .iter()
            .filter_map(|series| {
                let ((from, then), (to, now)) = (series.points.first()?, series.points.last()?);
                Some(format!("{}: {:.0} % on {from}, {:.0} % on {to}", series.name, then * 100.0, now * 100.0))
            })
            .collect::<Vec<_>>()
            .join("; ");
        self.open_figure(Role::Figure, Some(format!("A line over days. {said}")));
        for step in 0..=4u8 {
            let share = f32::from(step) / 4.0;
            self.rule(left, y(share), width, if step == 0 { 0.8 } else { 0.3 }, if step == 0 { Ink::MUTED } else { Ink::LINE });
            self.text_right(&format!("{} %", step * 25), left - 6.0, y(share) + 2.8, size::SMALL, Weight::Regular, Ink::MUTED);
        }
        let mut labels: Vec<f32> = Vec::new();
        for series in series {
            let through: Vec<(f32, f32)> = series.points.iter().map(|(day, share)| (x(*day), y(*share))).collect();
            self.line(&through, 1.6, series.ink, if series.stroke == Stroke::Dashed { 3.0 } else { 0.0 });
            let Some(((end_x, end_y), (_, share))) = through.last().zip(series.points.last()) else { continue };
            self.circle(*end_x, *end_y, 2.4, series.ink, None);
            // Labels of lines that end close together are moved apart.
            let mut label = *end_y + 3.0;
            while labels.iter().any(|other| (other - label).abs() < leading(size::SMALL)) {
                label += 1.0;
            }
            labels.push(label);
            self.text(&format!("{} {:.0} %", series.name, share * 100.0), end_x + 8.0, label, size::SMALL, Weight::Bold, series.ink);
        }
        let below = top + HEIGHT + UNIT + ascent(size::SMALL);
        self.text(&crate::words::short_day(first), left, below, size::SMALL, Weight::Regular, Ink::MUTED);
        self.text_right(&format!("{} {}", crate::words::short_day(last), last.format("%Y")), left + width, below, size::SMALL, Weight::Regular, Ink::MUTED);
        self.close();
        let lowest = labels.iter().fold(top + HEIGHT + leading(size::SMALL) + UNIT, |lowest, label| lowest.max(*label));
        self.y = lowest + 3.0 * UNIT;
        self.log(Kind::Chart, top, &said);
    }
}
