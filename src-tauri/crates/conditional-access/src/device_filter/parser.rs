//! Reads the words of a rule into a tree: `-or` binds loosest, then `-and`, then `-not` ("Operator precedence").

use std::collections::VecDeque;

use super::lexer::{MAX_LENGTH, Placed, Token, tokens};
use super::operator::Operator;
use super::property::Property;
use super::{Rule, Test, Value};

/// A person nests three deep; a hostile tenant must not exhaust the stack.
pub const MAX_DEPTH: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {}: {problem}", position + 1)]
pub struct RuleError {
    /// Counted in characters from 0; the message counts from 1.
    pub position: usize,
    pub problem: RuleProblem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    #[error("the rule is empty")]
    Empty,
    #[error("the rule is {length} characters long, and {MAX_LENGTH} are the most")]
    TooLong { length: usize },
    #[error("parentheses and -not are nested more than {MAX_DEPTH} deep")]
    TooDeep,
    #[error("the quote {quote} is never closed")]
    OpenQuote { quote: char },
    #[error("{wanted} was expected, the rule ends")]
    EndsEarly { wanted: &'static str },
    #[error("{wanted} was expected, \"{found}\" was found")]
    Unexpected { wanted: &'static str, found: String },
    #[error("\"{name}\" is no device property that a filter can use")]
    UnknownProperty { name: String },
    #[error("\"{name}\" is no operator that a filter can use")]
    UnknownOperator { name: String },
    #[error("device.{property} does not support -{operator}")]
    OperatorNotSupported { property: &'static str, operator: &'static str },
    #[error("the text {found} needs quotes")]
    NeedsQuotes { found: String },
    #[error("null can only be compared with -eq and -ne")]
    NullNeedsEquals,
    #[error("the list is empty")]
    EmptyList,
}

impl RuleError {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.problem {
            RuleProblem::Empty => "device_filter.empty",
            RuleProblem::TooLong { .. } => "device_filter.too_long",
            RuleProblem::TooDeep => "device_filter.too_deep",
            RuleProblem::OpenQuote { .. } => "device_filter.open_quote",
            RuleProblem::EndsEarly { .. } => "device_filter.ends_early",
            RuleProblem::Unexpected { .. } => "device_filter.unexpected",
            RuleProblem::UnknownProperty { .. } => "device_filter.unknown_property",
            RuleProblem::UnknownOperator { .. } => "device_filter.unknown_operator",
            RuleProblem::OperatorNotSupported { .. } => "device_filter.operator_not_supported",
            RuleProblem::NeedsQuotes { .. } => "device_filter.needs_quotes",
            RuleProblem::NullNeedsEquals => "device_filter.null_needs_equals",
            RuleProblem::EmptyList => "device_filter.empty_list",
        }
    }
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        "Open the policy in the Entra admin center, Conditions, Filter for devices, and correct the rule there."
    }
}

pub(super) fn parse(text: &str) -> Result<Rule, RuleError> {
    let end = text.chars().count();
    let mut parser = Parser { tokens: tokens(text)?.into(), end };
    if parser.tokens.is_empty() {
        return Err(RuleError { position: 0, problem: RuleProblem::Empty });
    }
    let rule = parser.any(0)?;
    match parser.tokens.pop_front() {
        None => Ok(rule),
        Some(placed) => Err(unexpected("-and, -or or the end", &placed)),
    }
}

struct Parser {
    tokens: VecDeque<Placed>,
    end: usize,
}

fn unexpected(wanted: &'static str, placed: &Placed) -> RuleError {
    let found = match &placed.token {
        Token::Open => "(".to_owned(),
        Token::Close => ")".to_owned(),
        Token::OpenList => "[".to_owned(),
        Token::CloseList => "]".to_owned(),
        Token::Comma => ",".to_owned(),
        Token::Word(text) | Token::Quoted(text) => shortened(text),
    };
    RuleError { position: placed.position, problem: RuleProblem::Unexpected { wanted, found } }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}

/// "Operators can be used with or without the hyphen (-) prefix."
fn bare(word: &str) -> &str {
    word.strip_prefix('-').unwrap_or(word)
}

impl Parser {
    fn next(&mut self, wanted: &'static str) -> Result<Placed, RuleError> {
        self.tokens.pop_front().ok_or(RuleError { position: self.end, problem: RuleProblem::EndsEarly { wanted } })
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.front(), Some(Placed { token: Token::Word(word), .. }) if bare(word).eq_ignore_ascii_case(keyword));
        if found {
            self.tokens.pop_front();
        }
        found
    }

    fn any(&mut self, depth: usize) -> Result<Rule, RuleError> {
        let first = self.all(depth)?;
        let mut rules = vec![first];
        while self.takes("or") {
            rules.push(self.all(depth)?);
        }
        Ok(if rules.len() == 1 { rules.remove(0) } else { Rule::Or(rules) })
    }

    fn all(&mut self, depth: usize) -> Result<Rule, RuleError> {
        let first = self.one(depth)?;
        let mut rules = vec![first];
        while self.takes("and") {
            rules.push(self.one(depth)?);
        }
        Ok(if rules.len() == 1 { rules.remove(0) } else { Rule::And(rules) })
    }

    fn one(&mut self, depth: usize) -> Result<Rule, RuleError> {
        let position = self.tokens.front().map_or(self.end, |placed| placed.position);
        if depth >= MAX_DEPTH {
            return Err(RuleError { position, problem: RuleProblem::TooDeep });
        }
        if self.takes("not") {
            return Ok(Rule::Not(Box::new(self.one(depth + 1)?)));
        }
        let placed = self.next("a device property")?;
        match placed.token {
            Token::Open => {
                let rule = self.any(depth + 1)?;
                let close = self.next(")")?;
                if close.token == Token::Close { Ok(rule) } else { Err(unexpected(")", &close)) }
            }
            Token::Word(word) => self.test(&word, position),
            _ => Err(unexpected("a device property", &placed)),
        }
    }

    fn test(&mut self, word: &str, position: usize) -> Result<Rule, RuleError> {
        let unknown = || RuleError { position, problem: RuleProblem::UnknownProperty { name: shortened(word) } };
        let (object, name) = word.split_once('.').ok_or_else(unknown)?;
        if !object.eq_ignore_ascii_case("device") {
            return Err(unknown());
        }
        let property = Property::named(name).ok_or_else(unknown)?;
        let placed = self.next("an operator")?;
        let Token::Word(name) = &placed.token else { return Err(unexpected("an operator", &placed)) };
        let operator = Operator::named(bare(name))
            .ok_or_else(|| RuleError { position: placed.position, problem: RuleProblem::UnknownOperator { name: shortened(name) } })?;
        if !property.allows(operator) {
            let problem = RuleProblem::OperatorNotSupported { property: property.name(), operator: operator.name() };
            return Err(RuleError { position: placed.position, problem });
        }
        let value = if operator.wants_list() { self.list(property)? } else { self.value(property)? };
        if value.0 == Value::Null && operator.positive() != Operator::Equals {
            return Err(RuleError { position: value.1, problem: RuleProblem::NullNeedsEquals });
        }
        Ok(Rule::Test(Test { property, operator, value: value.0, position }))
    }

    fn list(&mut self, property: Property) -> Result<(Value, usize), RuleError> {
        let open = self.next("a list in [ ]")?;
        if open.token != Token::OpenList {
            return Err(unexpected("a list in [ ]", &open));
        }
        let mut values = Vec::new();
        if matches!(self.tokens.front(), Some(Placed { token: Token::CloseList, .. })) {
            return Err(RuleError { position: open.position, problem: RuleProblem::EmptyList });
        }
        loop {
            match self.value(property)? {
                (Value::Text(text), _) => values.push(text),
                (_, position) => return Err(RuleError { position, problem: RuleProblem::NullNeedsEquals }),
            }
            let next = self.next(", or ]")?;
            match next.token {
                Token::Comma => {}
                Token::CloseList => return Ok((Value::List(values), open.position)),
                _ => return Err(unexpected(", or ]", &next)),
            }
        }
    }

    /// "Double quotes are optional unless the value is a string": bare are true, false, numbers and null.
    fn value(&mut self, property: Property) -> Result<(Value, usize), RuleError> {
        let placed = self.next("a value")?;
        let value = match &placed.token {
            Token::Quoted(text) => Value::Text(property.canonical(text)),
            Token::Word(word) if word.eq_ignore_ascii_case("null") || word.eq_ignore_ascii_case("$null") => Value::Null,
            Token::Word(word) if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") => Value::Text(word.to_lowercase()),
            Token::Word(word) if is_number(word) => Value::Text(word.clone()),
            Token::Word(word) => {
                return Err(RuleError { position: placed.position, problem: RuleProblem::NeedsQuotes { found: shortened(word) } });
            }
            _ => return Err(unexpected("a value", &placed)),
        };
        Ok((value, placed.position))
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}
