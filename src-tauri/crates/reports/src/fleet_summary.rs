//! The *Fleet summary* for the MSP's owner: all customers on one page, what to do first, who moves where, then each in figures. Nothing is
//! judged here; what one customer did not let be read is left out of sums and said.

use fleet::evidence::facts::{Buckets, FleetCustomer, FleetFacts};

use crate::chapters::{alerts, buckets, lists, sources};
use crate::layout::{About, Cell, Column, Mark, Paper, Sheet, Tile, Tone};
use crate::words::{Clock, count, number, percent, size_of};
use crate::{Branding, ReportError};

const REST: &str = "on the fleet page of Gatehouse";

/// `data_set` is the hash of the data set that lies beside it.
///
/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &FleetFacts, branding: &Branding, paper: Paper, data_set: Option<&str>) -> Result<Vec<u8>, ReportError> {
    Ok(set(facts, branding, paper, data_set)?.finish())
}

/// The report before it becomes bytes: what stands on which page.
///
/// # Errors
/// A font inside the program is damaged.
pub fn set(facts: &FleetFacts, branding: &Branding, paper: Paper, data_set: Option<&str>) -> Result<Sheet, ReportError> {
    let about = About { title: "Fleet summary".into(), customer: "All customers".into(), author: branding.company.clone(), made_at: facts.made_at, paper };
    let mut sheet = Sheet::branded(about, branding)?;
    let clock = Clock::UTC;
    sources::named(&mut sheet, data_set);
    sheet.masthead(
        &count(size_of(&facts.customers), "customer", "customers"),
        "Confidential: it names customers",
        &[("Period", clock.period(facts.period.from, facts.period.to)), ("Made", clock.full(facts.made_at)), ("Made by", facts.made_by.clone())],
    );
    overview(&mut sheet, facts);
    first(&mut sheet, facts);
    sheet.section("MFA by customer", 0.0);
    mfa(&mut sheet, facts);
    movement(&mut sheet, facts);
    sheet.section("Alerts and what is open", 0.0);
    open(&mut sheet, facts, clock);
    sheet.section("How fast alerts were handled", 0.0);
    alerts::handling(&mut sheet, &facts.handling);
    sources::data_set(&mut sheet, data_set);
    Ok(sheet)
}

fn sum(customers: &[FleetCustomer]) -> Buckets {
    customers.iter().filter_map(|customer| customer.people).fold(Buckets::default(), |all, one| Buckets {
        strong: all.strong + one.strong,
        weak: all.weak + one.weak,
        none: all.none + one.none,
        unknown: all.unknown + one.unknown,
    })
}

fn overview(sheet: &mut Sheet, facts: &FleetFacts) {
    let people = sum(&facts.customers);
    let critical: u32 = facts.customers.iter().map(|customer| customer.open_critical).sum();
    let raised: u32 = facts.handling.iter().map(|row| row.raised).sum();
    sheet.tiles(&[
        Tile::new(
            if people.sum() == 0 { "not known".to_owned() } else { percent(people.strong + people.weak, people.sum()) },
            format!("of {} with MFA", count(people.sum(), "person", "people")),
        ),
        Tile::new(number(critical), "critical alerts open now"),
        Tile::new(number(raised), "alerts raised in the period"),
        Tile::new(number(facts.changes), "changes in the period"),
    ]);
    let unread = facts.customers.iter().filter(|customer| customer.people.is_none()).count() as u32;
    if unread > 0 {
        sheet.note(&format!("Of {} MFA registration could not be read; they are in no figure of it.", count(unread, "customer", "customers")));
    }
}

fn first(sheet: &mut Sheet, facts: &FleetFacts) {
    sheet.section("What to do first", 0.0);
    let todo: Vec<&FleetCustomer> = facts.customers.iter().filter(|customer| customer.first.is_some()).collect();
    let words = lists::Words { empty: "No customer needs anything now.", rest: REST };
    lists::set(sheet, &[Column::new("Customer", 2.4), Column::new("What its technician should do", 5.0)], &todo, &words, |customer| {
        vec![name(customer), Cell::new(customer.first.clone().unwrap_or_default())]
    });
}

fn name(customer: &FleetCustomer) -> Cell {
    Cell::with_below(&customer.customer.name, &customer.customer.domain)
}

fn mfa(sheet: &mut Sheet, facts: &FleetFacts) {
    sheet.legend(&buckets::people(Buckets::default()));
    let columns = [
        Column::new("Customer", 2.6),
        Column::new("Share of people", 2.2),
        Column::number("People", 0.85),
        Column::number("With MFA", 0.85),
        Column::number("None", 0.75),
        Column::number("Not known", 0.85),
        Column::new("Admins without", 1.4),
    ];
    lists::set(sheet, &columns, &facts.customers, &lists::Words { empty: "No customer is connected.", rest: REST }, |customer| {
        let admins = match customer.admins {
            None => Cell::marked(Mark::Unknown),
            Some(admins) if admins.none > 0 => Cell { text: number(admins.none), ..Cell::marked(Mark::No) },
            Some(admins) if admins.unknown > 0 => Cell { text: format!("{} not known", number(admins.unknown)), ..Cell::marked(Mark::Unknown) },
            Some(_) => Cell { text: "None".into(), ..Cell::marked(Mark::Yes) },
        };
        match customer.people {
            None => {
                let unknown = || Cell::toned("–", Tone::Unknown);
                vec![name(customer), Cell::toned("not readable", Tone::Unknown), unknown(), unknown(), unknown(), unknown(), admins]
            }
            Some(people) => vec![
                name(customer),
                Cell::bar(buckets::people(people)),
                Cell::new(number(people.sum())),
                Cell::new(percent(people.strong + people.weak, people.sum())),
                Cell::new(number(people.none)),
                Cell::new(number(people.unknown)),
                admins,
            ],
        }
    });
}

/// A customer's share with MFA at both ends of its snapshots.
struct Moved<'a> {
    customer: &'a FleetCustomer,
    then: (chrono::NaiveDate, f64),
    now: f64,
}

impl Moved<'_> {
    fn by(&self) -> f64 {
        (self.now - self.then.1) * 100.0
    }
}

fn moved(customer: &FleetCustomer) -> Option<Moved<'_>> {
    let share = |people: Buckets| f64::from(people.strong + people.weak) / f64::from(people.sum());
    let mut days = customer.trend.iter().filter(|day| day.people.sum() > 0);
    let first = days.next()?;
    let last = days.next_back()?;
    Some(Moved { customer, then: (first.day, share(first.people)), now: share(last.people) })
}

fn movement(sheet: &mut Sheet, facts: &FleetFacts) {
    sheet.section("Who moves where", 0.0);
    let mut all: Vec<Moved> = facts.customers.iter().filter_map(moved).collect();
    // Those who got worse first; the same order every time.
    all.sort_by(|a, b| a.by().total_cmp(&b.by()).then_with(|| a.customer.customer.name.cmp(&b.customer.customer.name)));
    if !all.is_empty() {
        sheet.intro("The share of people with any MFA method, then and now; those who got worse come first.");
    }
    let columns =
        [Column::new("Customer", 3.0), Column::new("Since", 1.3), Column::number("Then", 0.9), Column::number("Now", 0.9), Column::new("Change", 2.2)];
    let words = lists::Words { empty: "No customer has snapshots of two days yet.", rest: REST };
    lists::set(sheet, &columns, &all, &words, |moved| {
        let by = moved.by().round();
        let change = if by < 0.0 {
            Cell::toned(format!("▼ {:.0} points worse", -by), Tone::None)
        } else if by > 0.0 {
            Cell::toned(format!("▲ {by:.0} points better"), Tone::Strong)
        } else {
            Cell::toned("as before", Tone::Muted)
        };
        vec![
            name(moved.customer),
            Cell::new(moved.then.0.format("%-d %b %Y").to_string()),
            Cell::new(format!("{:.0} %", moved.then.1 * 100.0)),
            Cell::new(format!("{:.0} %", moved.now * 100.0)),
            change,
        ]
    });
}

fn open(sheet: &mut Sheet, facts: &FleetFacts, clock: Clock) {
    let columns = [
        Column::new("Customer", 2.4),
        Column::number("Critical", 0.85),
        Column::number("High", 0.65),
        Column::number("Other", 0.7),
        Column::number("Critical controls missing", 1.05),
        Column::number("Exceptions not signed", 1.1),
        Column::new("Consent", 1.35),
        Column::new("Last read", 1.3),
    ];
    let loud = |value: u32, tone: Tone| if value == 0 { Cell::toned("0", Tone::Muted) } else { Cell::toned(number(value), tone) };
    lists::set(sheet, &columns, &facts.customers, &lists::Words { empty: "No customer is connected.", rest: REST }, |customer| {
        vec![
            name(customer),
            loud(customer.open_critical, Tone::None),
            loud(customer.open_high, Tone::Weak),
            loud(customer.open_other, Tone::Plain),
            customer.missing_critical.map_or_else(|| Cell::toned("not known", Tone::Unknown), |missing| loud(missing, Tone::None)),
            loud(customer.unsigned_exceptions, Tone::Weak),
            Cell::new(&customer.consent),
            customer
                .last_sync
                .map_or_else(|| Cell::toned("never", Tone::None), |at| Cell::new(clock.day(at)).and(format!("{} UTC", clock.hour(at)), Tone::Muted)),
        ]
    });
}
