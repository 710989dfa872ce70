//! Cuts a rule into words, quoted texts and signs, each with the character it begins at.

use super::parser::{RuleError, RuleProblem};

/// "The maximum length for the filter rule is 3072 characters."
pub const MAX_LENGTH: usize = 3072;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    /// A property, an operator, a number, `true`, `null`; hyphens at its beginning are kept.
    Word(String),
    Quoted(String),
}

pub(super) struct Placed {
    pub token: Token,
    pub position: usize,
}

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, RuleError> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > MAX_LENGTH {
        return Err(RuleError { position: MAX_LENGTH, problem: RuleProblem::TooLong { length: characters.len() } });
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let position = at;
        let sign = match character {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            '[' => Some(Token::OpenList),
            ']' => Some(Token::CloseList),
            ',' => Some(Token::Comma),
            _ => None,
        };
        if let Some(token) = sign {
            at += 1;
            found.push(Placed { token, position });
        } else if character.is_whitespace() {
            at += 1;
        } else if character == '"' || character == '\'' {
            let (text, end) = quoted(&characters, at).ok_or(RuleError { position, problem: RuleProblem::OpenQuote { quote: character } })?;
            at = end;
            found.push(Placed { token: Token::Quoted(text), position });
        } else {
            let (token, end) = word(&characters, at);
            at = end;
            found.push(Placed { token, position });
        }
    }
    Ok(found)
}

/// The text between quotes and the character after it. In double quotes a backtick keeps the next character as it is, in
/// single quotes two of them make one ("Supported values").
fn quoted(characters: &[char], start: usize) -> Option<(String, usize)> {
    let quote = *characters.get(start)?;
    let mut text = String::new();
    let mut at = start + 1;
    loop {
        let character = *characters.get(at)?;
        let next = characters.get(at + 1).copied();
        if character == '`' && matches!(next, Some('"' | '\'' | '`')) {
            text.extend(next);
            at += 2;
        } else if character == quote && quote == '\'' && next == Some('\'') {
            text.push('\'');
            at += 2;
        } else if character == quote {
            return Some((text, at + 1));
        } else {
            text.push(character);
            at += 1;
        }
    }
}

/// A bare word. One that begins with an escaped quote (`` `"Sales`" ``) is a text whose quotes belong to it.
fn word(characters: &[char], start: usize) -> (Token, usize) {
    let mut text = String::new();
    let mut at = start;
    let mut escaped = false;
    while let Some(&character) = characters.get(at) {
        let next = characters.get(at + 1).copied();
        if character == '`' && matches!(next, Some('"' | '\'' | '`')) {
            escaped = true;
            text.extend(next);
            at += 2;
        } else if character.is_whitespace() || matches!(character, '(' | ')' | '[' | ']' | ',' | '"' | '\'') {
            break;
        } else {
            // Rules that went through a word processor carry its dashes, and the document prints them so itself.
            text.push(if matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { character });
            at += 1;
        }
    }
    (if escaped { Token::Quoted(text) } else { Token::Word(text) }, at)
}
