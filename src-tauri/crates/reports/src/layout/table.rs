//! Tables: columns by share of the width, cells that wrap, a header that repeats on every page, rows that are kept whole unless they are
//! taller than a page can hold.

use super::cell::{self, Cell, MARK, Strip};
use super::grid::ascent;
use super::placed::Kind;
use super::tags::Role;
use super::{Ink, Pattern, Sheet, Tone, UNIT, leading, size};
use crate::fonts::Weight;

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: &'static str,
    /// Share of the width, relative to the others.
    pub share: f32,
    pub right: bool,
}

impl Column {
    pub const fn new(title: &'static str, share: f32) -> Self {
        Self { title, share, right: false }
    }

    pub const fn number(title: &'static str, share: f32) -> Self {
        Self { title, share, right: true }
    }
}

/// Beside the text of a cell.
const PAD: f32 = 1.5 * UNIT;
/// Above and below the text of a row.
const ROW: f32 = UNIT;

/// One row, broken into lines.
struct Row {
    cells: Vec<Cell>,
    strips: Vec<Vec<Strip>>,
}

impl Row {
    /// Height of what is left of it, from each cell's line on.
    fn height(&self, from: &[usize]) -> f32 {
        self.strips.iter().zip(from).map(|(strips, from)| strips.iter().skip(*from).map(|strip| strip.height).sum::<f32>()).fold(0.0, f32::max) + 2.0 * ROW
    }
}

impl Sheet {
    /// The height that a table takes where no page ends within it, with the room below it.
    pub fn table_height(&mut self, columns: &[Column], rows: impl IntoIterator<Item = Vec<Cell>>) -> f32 {
        let (widths, _, head) = self.columns(columns);
        let rows = rows.into_iter().map(|cells| {
            let row = self.row(cells, &widths);
            row.height(&vec![0; row.strips.len()])
        });
        head + rows.sum::<f32>() + 2.0 * UNIT
    }

    /// Widths, titles in lines, and the height of the header.
    fn columns(&mut self, columns: &[Column]) -> (Vec<f32>, Vec<Vec<String>>, f32) {
        let whole: f32 = columns.iter().map(|column| column.share).sum();
        let measure = self.measure();
        let widths: Vec<f32> = columns.iter().map(|column| column.share / whole * measure).collect();
        let titles: Vec<Vec<String>> =
            columns.iter().zip(&widths).map(|(column, width)| self.wrap(column.title, size::SMALL, Weight::Bold, width - 2.0 * PAD)).collect();
        let head = titles.iter().map(Vec::len).max().unwrap_or(1) as f32 * leading(size::SMALL) + 2.0 * ROW;
        (widths, titles, head)
    }

    /// Sets a table at the pen. `rows` may be very many: they are set one after another.
    pub fn table(&mut self, columns: &[Column], rows: impl IntoIterator<Item = Vec<Cell>>) {
        let (widths, titles, head) = self.columns(columns);
        let mut rows = rows.into_iter();
        let mut next = rows.next().map(|cells| self.row(cells, &widths));
        let first = next.as_ref().map_or(0.0, |row| row.height(&vec![0; row.strips.len()])).min(self.body() * 0.45);
        self.need(head + first);
        self.open(Role::Table);
        self.table_head(columns, &widths, &titles, head);
        while let Some(row) = next {
            self.set_row(columns, &widths, &titles, head, &row);
            next = rows.next().map(|cells| self.row(cells, &widths));
        }
        self.close();
        self.y += 2.0 * UNIT;
    }

    fn row(&mut self, cells: Vec<Cell>, widths: &[f32]) -> Row {
        let strips = cells.iter().zip(widths).map(|(cell, width)| self.strips(cell, width - 2.0 * PAD)).collect();
        Row { cells, strips }
    }

    fn set_row(&mut self, columns: &[Column], widths: &[f32], titles: &[Vec<String>], head: f32, row: &Row) {
        let mut from = vec![0; row.strips.len()];
        loop {
            let height = row.height(&from);
            let begun = from.iter().any(|from| *from > 0);
            if height > self.room() && !begun && height <= self.body() * 0.45 {
                self.continue_on_next(columns, widths, titles, head);
            }
            if height <= self.room() {
                let to: Vec<usize> = row.strips.iter().map(Vec::len).collect();
                self.set_strips(columns, widths, row, &from, &to, height);
                return;
            }
            // Taller than what a page should leave empty: as much as fits here, the rest on the next.
            let room = self.room() - 2.0 * ROW;
            let to: Vec<usize> = row
                .strips
                .iter()
                .zip(&from)
                .map(|(strips, from)| {
                    let mut used = 0.0;
                    let fits = strips
                        .iter()
                        .skip(*from)
                        .take_while(|strip| {
                            used += strip.height;
                            used <= room
                        })
                        .count();
                    from + fits
                })
                .collect();
            let begins = to.iter().zip(&from).map(|(to, from)| to - from).max().unwrap_or(0);
            // Fewer than three lines are not worth beginning with; a page of nothing but a header would never end.
            if begins >= 3 || (begins > 0 && self.fresh(head)) {
                let taken = row
                    .strips
                    .iter()
                    .zip(from.iter().zip(&to))
                    .map(|(strips, (from, to))| strips[*from..*to].iter().map(|strip| strip.height).sum::<f32>())
                    .fold(0.0, f32::max);
                self.set_strips(columns, widths, row, &from, &to, taken + 2.0 * ROW);
                from = to;
            } else if self.fresh(head) {
                // Not even one line fits a whole page: nothing sensible is left to do but to set it.
                let to: Vec<usize> = row.strips.iter().map(Vec::len).collect();
                self.set_strips(columns, widths, row, &from, &to, height);
                return;
            }
            self.continue_on_next(columns, widths, titles, head);
        }
    }

    /// Whether the page holds nothing but a table's header.
    fn fresh(&self, head: f32) -> bool {
        self.room() >= self.body() - head - 1.0
    }

    /// The next page, with the header again; that one is an ornament for those who are read to.
    fn continue_on_next(&mut self, columns: &[Column], widths: &[f32], titles: &[Vec<String>], head: f32) {
        self.new_page();
        let open = self.tags.reopen(None);
        self.table_head(columns, widths, titles, head);
        self.tags.restore(open);
    }

    fn set_strips(&mut self, columns: &[Column], widths: &[f32], row: &Row, from: &[usize], to: &[usize], height: f32) {
        let (top, left, measure) = (self.y, self.left(), self.measure());
        let mut x = left;
        let coarse = self.tags.coarse();
        self.open(Role::Row);
        if coarse {
            self.open(Role::Cell);
        }
        for (place, ((cell, strips), (column, width))) in row.cells.iter().zip(&row.strips).zip(columns.iter().zip(widths)).enumerate() {
            if !coarse {
                self.open(Role::Cell);
            }
            let mut y = top + ROW;
            for strip in &strips[from[place]..to[place]] {
                self.set_strip(cell, strip, column.right, x, *width, y);
                y += strip.height;
            }
            if let Some(to) = cell.to.as_ref().filter(|_| from[place] == 0) {
                self.link(
                    [x, top, x + width, top + height],
                    to,
                    &format!("Go to {}", if cell.text.is_empty() { "the page that shows it" } else { &cell.text }),
                );
            }
            if !coarse {
                self.close();
            }
            x += width;
        }
        if coarse {
            self.close();
        }
        self.close();
        self.y = top + height;
        let y = self.y;
        self.rule(left, y, measure, 0.4, Ink::LINE);
        let name = row.cells.first().map(|cell| cell.text.as_str()).unwrap_or_default();
        self.log(Kind::Row, top, name);
    }

    fn set_strip(&mut self, cell: &Cell, strip: &Strip, right: bool, x: f32, width: f32, top: f32) {
        let (weight, mut ink) = (if strip.small { cell::small_weight(strip.tone) } else { cell::weight(strip.tone) }, cell::ink(strip.tone));
        let baseline = top + ascent(strip.points);
        let mut left = x + PAD;
        if strip.first {
            if let Some(mark) = cell.mark {
                self.mark(mark, left + 4.5, baseline - strip.points * 0.34, 4.8);
            }
            if !cell.bar.is_empty() {
                self.segments(&cell.bar, left, top + UNIT * 0.5, width - 2.0 * PAD, 3.0 * UNIT, false);
            }
        }
        if let Some(to) = cell.to.as_ref().filter(|_| !strip.small) {
            ink = self.branding.title();
            if cell.text.is_empty() {
                self.page_number_of(to, x + width - PAD, baseline, strip.points, ink);
            }
        }
        if cell.box_to_tick {
            self.frame(left, baseline - 7.2, 8.0);
        }
        if (cell.mark.is_some() || cell.box_to_tick) && !strip.small {
            left += MARK;
        }
        // A name that runs from right to left stands at the right of its cell, as its reader expects.
        if right || self.type_.shape(&strip.text, weight).right_to_left {
            self.text_right(&strip.text, x + width - PAD, baseline, strip.points, weight, ink);
        } else {
            self.text(&strip.text, left, baseline, strip.points, weight, ink);
        }
    }

    fn table_head(&mut self, columns: &[Column], widths: &[f32], titles: &[Vec<String>], height: f32) {
        let (top, left, measure) = (self.y, self.left(), self.measure());
        self.rectangle(left, top, measure, height, Ink::BAND, Pattern::Plain);
        let mut x = left;
        self.open(Role::Row);
        for ((column, width), lines) in columns.iter().zip(widths).zip(titles) {
            self.open(Role::Head);
            let mut y = top + ROW + ascent(size::SMALL);
            for line in lines {
                if column.right {
                    self.text_right(line, x + width - PAD, y, size::SMALL, Weight::Bold, cell::ink(Tone::Muted));
                } else {
                    self.text(line, x + PAD, y, size::SMALL, Weight::Bold, cell::ink(Tone::Muted));
                }
                y += leading(size::SMALL);
            }
            self.close();
            x += width;
        }
        self.close();
        self.y = top + height;
        let y = self.y;
        self.rule(left, y, measure, 0.8, Ink::MUTED);
        self.log(Kind::TableHead, top, columns.first().map(|column| column.title).unwrap_or_default());
    }
}
