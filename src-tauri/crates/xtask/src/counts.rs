//! Adds up what the test runners say of themselves: cargo test, nextest and Vitest.

/// Tests by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Tests that say `skipped: why` on a line of their own passed over what they were to show; they count as skipped, not passed.
pub const SKIPPED: &str = "skipped: ";

/// Reads `cargo test` output: `test result: ok. 3 passed; 0 failed; 1 ignored; …`, once for each binary.
pub fn cargo_test(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        counts += Counts { passed: before(line, " passed"), failed: before(line, " failed"), skipped: before(line, " ignored") };
    }
    passed_over(output, counts)
}

/// Reads nextest's last line: `Summary [ 1.2s] 41 tests run: 40 passed (1 slow), 1 failed, 2 skipped`.
pub fn nextest(output: &str) -> Counts {
    let line = plain(output.lines().rfind(|line| plain(line).trim_start().starts_with("Summary [")).unwrap_or_default());
    let line = line.as_str();
    let counts = Counts { passed: before(line, " passed"), failed: before(line, " failed") + before(line, " timed out"), skipped: before(line, " skipped") };
    passed_over(output, counts)
}

/// Reads Vitest's `Tests  2 failed | 40 passed | 1 skipped (43)`.
pub fn vitest(output: &str) -> Counts {
    let line = plain(output.lines().rfind(|line| plain(line).trim_start().starts_with("Tests ")).unwrap_or_default());
    let line = line.as_str();
    Counts { passed: before(line, " passed"), failed: before(line, " failed"), skipped: before(line, " skipped") + before(line, " todo") }
}

/// The tests that failed, from `cargo test`'s lists of failures; each once.
pub fn failed_in_cargo_test(output: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut listed = false;
    for line in output.lines() {
        listed = line == "failures:" || (listed && (line.starts_with("    ") || line.is_empty()));
        if let Some(name) = line.strip_prefix("    ").filter(|name| listed && !name.starts_with(' ')) {
            push_once(&mut names, name);
        }
    }
    names
}

/// The tests that failed, from nextest's lines `FAIL [ 0.1s] (1/2) crate::binary the::test`; each once.
pub fn failed_in_nextest(output: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in output.lines().map(plain) {
        let line = line.trim_start();
        if ["FAIL [", "TIMEOUT [", "SIGABRT [", "SIGSEGV ["].iter().any(|state| line.starts_with(state)) {
            let rest = line.split_once(']').map_or("", |(_, rest)| rest).trim();
            let rest = if rest.starts_with('(') { rest.split_once(')').map_or(rest, |(_, rest)| rest).trim() } else { rest };
            push_once(&mut names, rest);
        }
    }
    names
}

/// The tests that failed, from Vitest's lines `FAIL  src/a.test.tsx > what it says`; each once.
pub fn failed_in_vitest(output: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in output.lines().map(plain) {
        if let Some(name) = line.trim_start().strip_prefix("FAIL ") {
            push_once(&mut names, name.trim());
        }
    }
    names
}

/// What Vitest says of each failed test, its name first: so many lines, or up to the next one.
pub fn failures_of_vitest(output: &str, lines: usize) -> Vec<String> {
    let all: Vec<String> = output.lines().map(plain).collect();
    let begins = |line: &String| line.trim_start().starts_with("FAIL ");
    let until = |at: usize| (at + 1..all.len().min(at + lines)).find(|next| begins(&all[*next])).unwrap_or(all.len().min(at + lines));
    (0..all.len()).filter(|at| begins(&all[*at])).map(|at| all[at..until(at)].join("\n").trim_end().to_owned()).collect()
}

/// Which lines of nextest are worth showing: not what passing tests printed, except that they passed over their subject.
pub fn worth_showing() -> impl FnMut(&str) -> bool + Send + 'static {
    let mut of_a_passing_test = false;
    move |line| {
        let line = plain(line);
        let line = line.trim_start();
        if let Some((state, _)) = line.split_once(" [").filter(|(state, _)| !state.is_empty() && state.chars().all(|c| c.is_ascii_uppercase())) {
            of_a_passing_test = state == "PASS";
        } else if line.starts_with("Summary [") || line.starts_with("────") {
            of_a_passing_test = false;
        }
        !of_a_passing_test || line.starts_with(SKIPPED)
    }
}

/// What the failing tests of `cargo test` said: from each panic on, so many lines.
pub fn panics(output: &str, lines: usize) -> Vec<String> {
    let all: Vec<&str> = output.lines().collect();
    let begins = |at: &usize| all[*at].starts_with("thread '") && all[*at].contains(" panicked at ");
    (0..all.len()).filter(begins).map(|at| all[at..all.len().min(at + lines)].join("\n")).collect()
}

fn push_once(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

fn passed_over(output: &str, counts: Counts) -> Counts {
    let over = u32::try_from(output.lines().filter(|line| plain(line).trim_start().starts_with(SKIPPED)).count()).unwrap_or(0).min(counts.passed);
    Counts { passed: counts.passed - over, skipped: counts.skipped + over, ..counts }
}

/// The number that stands right before a word; 0 where it does not occur.
fn before(line: &str, word: &str) -> u32 {
    let Some(end) = line.find(word) else { return 0 };
    let digits: String = line[..end].chars().rev().take_while(char::is_ascii_digit).collect();
    digits.chars().rev().collect::<String>().parse().unwrap_or(0)
}

/// A line without its colours.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            for c in rest.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passing_tests_print_is_hidden_and_that_they_passed_over_something_is_not() {
        let mut shows = worth_showing();
        let lines = [
            ("        PASS [   0.1s] (1/3) a b", false),
            ("  stderr ───", false),
            ("    thread 'b' (1) panicked at a.rs:1:1:", false),
            ("    skipped: there is nothing to read", true),
            ("        FAIL [   0.1s] (2/3) a c", true),
            ("    left: 1", true),
            ("        PASS [   0.1s] (3/3) a d", false),
            ("     Summary [   1.0s] 3 tests run: 2 passed, 1 failed, 0 skipped", true),
        ];
        for (line, shown) in lines {
            assert_eq!(shows(line), shown, "{line}");
        }
    }

    #[test]
    fn a_panic_is_said_again_with_what_follows_it() {
        let output = "running 1 test\nthread 'the::story' (12) panicked at tests/desk.rs:1:2:\nnot in the window\nSearch\nAlerts\n";
        assert_eq!(panics(output, 3), ["thread 'the::story' (12) panicked at tests/desk.rs:1:2:\nnot in the window\nSearch"]);
    }

    #[test]
    fn what_vitest_says_of_a_failure_is_said_again() {
        let output = " ✓ src/b.test.tsx (2 tests)\n\u{1b}[31m FAIL \u{1b}[0m src/a.test.tsx > opens\nAssertionError: no\n FAIL  src/c.test.tsx > shuts\nError: late\nmore\nmore\n";
        assert_eq!(
            failures_of_vitest(output, 3),
            ["FAIL  src/a.test.tsx > opens\nAssertionError: no", "FAIL  src/c.test.tsx > shuts\nError: late\nmore"].map(|said| format!(" {said}"))
        );
    }

    #[test]
    fn every_binary_of_cargo_test_counts() {
        let output = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\nx\ntest result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(cargo_test(output), Counts { passed: 8, failed: 2, skipped: 1 });
    }

    #[test]
    fn nextest_is_read_with_its_colours() {
        let output = "\u{1b}[32m     Summary\u{1b}[0m [   1.2s] 43 tests run: \u{1b}[1m40\u{1b}[0m passed (1 slow), 3 failed, 2 skipped\n";
        assert_eq!(nextest(output), Counts { passed: 40, failed: 3, skipped: 2 });
    }

    #[test]
    fn a_test_that_passed_over_its_subject_is_skipped() {
        let output = "test a ... ok\nskipped: the contracts are not here\ntest result: ok. 3 passed; 0 failed; 0 ignored;\n";
        assert_eq!(cargo_test(output), Counts { passed: 2, failed: 0, skipped: 1 });
    }

    #[test]
    fn vitest_is_read() {
        assert_eq!(vitest(" Test Files  9 passed (9)\n      Tests  2 failed | 40 passed | 1 skipped (43)\n"), Counts { passed: 40, failed: 2, skipped: 1 });
    }

    #[test]
    fn every_runners_failed_tests_have_their_names() {
        let cargo = "failures:\n\n---- a::b stdout ----\nwrong\n\nfailures:\n    a::b\n    c\n\ntest result: FAILED. 5 passed; 2 failed;\n    not a test\n";
        assert_eq!(failed_in_cargo_test(cargo), ["a::b", "c"]);
        let nextest = "\u{1b}[31m        FAIL\u{1b}[0m [   0.094s] (  3/961) gatehouse-store::opening a_write_fails\n        PASS [ 0.1s] (4/961) x y\n        FAIL [   0.094s] (  3/961) gatehouse-store::opening a_write_fails\n";
        assert_eq!(failed_in_nextest(nextest), ["gatehouse-store::opening a_write_fails"]);
        assert_eq!(failed_in_vitest(" FAIL  src/a.test.tsx > a page > opens\n"), ["src/a.test.tsx > a page > opens"]);
    }
}
