//! `$filter` to a tree. Grammar after OData 4.01, "ABNF Construction Rules", as far as Graph supports it for these resources.

/// A parsed filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Compare(Operand, Op, Literal),
    In(Operand, Vec<Literal>),
    StartsWith(Operand, String),
    EndsWith(Operand, String),
    Contains(Operand, String),
    /// `path/any(x: …)`; without a body: the list is not empty.
    Any(Vec<String>, Option<Box<Expr>>),
    All(Vec<String>, Box<Expr>),
    /// `path/$count eq 0`.
    Count(Vec<String>, Op, i64),
}

/// What is compared: a property of the resource, or of the lambda's variable (`item`; empty path: the item itself).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operand {
    pub path: Vec<String>,
    pub item: bool,
    /// `tolower(x)` or `toupper(x)`.
    pub fold: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    /// 100 ns since 1970.
    Time(i64),
}

impl Expr {
    /// Every property path of the resource that the filter asks about.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.collect(&mut paths);
        paths
    }

    fn collect(&self, paths: &mut Vec<String>) {
        let mut operand = |operand: &Operand| {
            if !operand.item {
                paths.push(operand.path.join("/"));
            }
        };
        match self {
            Expr::And(a, b) | Expr::Or(a, b) => {
                a.collect(paths);
                b.collect(paths);
            }
            Expr::Not(a) => a.collect(paths),
            Expr::Compare(o, ..) | Expr::In(o, _) | Expr::StartsWith(o, _) | Expr::EndsWith(o, _) | Expr::Contains(o, _) => operand(o),
            Expr::Any(path, body) => {
                paths.push(path.join("/"));
                if let Some(body) = body {
                    body.collect(paths);
                }
            }
            Expr::All(path, body) => {
                paths.push(path.join("/"));
                body.collect(paths);
            }
            Expr::Count(path, ..) => paths.push(path.join("/")),
        }
    }

    /// Whether directory objects demand `ConsistencyLevel: eventual` and `$count=true` for it
    /// ("Advanced query capabilities on Microsoft Entra ID objects": ne, not, endswith, and $count of a list).
    pub fn is_advanced(&self) -> bool {
        match self {
            Expr::And(a, b) | Expr::Or(a, b) => a.is_advanced() || b.is_advanced(),
            Expr::Not(_) | Expr::EndsWith(..) | Expr::Count(..) => true,
            Expr::Compare(_, op, literal) => *op == Op::Ne || *literal == Literal::Null,
            Expr::Any(_, Some(body)) | Expr::All(_, body) => body.is_advanced(),
            Expr::In(..) | Expr::StartsWith(..) | Expr::Contains(..) | Expr::Any(_, None) => false,
        }
    }
}

/// `None`: an invalid filter clause.
pub(crate) fn parse(text: &str) -> Option<Expr> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, variables: Vec::new(), depth: 0 };
    let expr = parser.or()?;
    (parser.at == parser.tokens.len()).then_some(expr)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(&c) = characters.peek() {
        match c {
            ' ' | '\t' => {
                characters.next();
            }
            '(' | ')' | ',' | ':' => {
                characters.next();
                tokens.push(match c {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    ':' => Token::Colon,
                    _ => Token::Comma,
                });
            }
            '\'' => {
                characters.next();
                let mut string = String::new();
                loop {
                    match characters.next()? {
                        // A quote inside a string is doubled.
                        '\'' if characters.peek() == Some(&'\'') => {
                            characters.next();
                            string.push('\'');
                        }
                        '\'' => break,
                        other => string.push(other),
                    }
                }
                tokens.push(Token::Text(string));
            }
            _ => {
                let mut word = String::new();
                while let Some(&c) = characters.peek() {
                    if matches!(c, ' ' | '\t' | '(' | ')' | ',' | '\'') {
                        break;
                    }
                    // The colon after a lambda's variable; a colon inside a time belongs to the time.
                    if c == ':' && word.chars().next().is_some_and(char::is_alphabetic) && !word.contains('-') {
                        break;
                    }
                    word.push(c);
                    characters.next();
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Some(tokens)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    variables: Vec<String>,
    depth: usize,
}

/// Deeper filters are refused, as Graph refuses them; it also keeps the recursion bounded.
const DEEPEST: usize = 64;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn take(&mut self, token: &Token) -> Option<()> {
        (self.next()? == *token).then_some(())
    }

    fn word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found == word)
    }

    fn or(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.and()?;
        while self.word("or") {
            self.at += 1;
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn and(&mut self) -> Option<Expr> {
        let mut left = self.unary()?;
        while self.word("and") {
            self.at += 1;
            left = Expr::And(Box::new(left), Box::new(self.unary()?));
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<Expr> {
        if self.word("not") {
            self.at += 1;
            self.depth += 1;
            if self.depth > DEEPEST {
                return None;
            }
            let inner = self.unary()?;
            self.depth -= 1;
            return Some(Expr::Not(Box::new(inner)));
        }
        if self.peek() == Some(&Token::Open) {
            self.at += 1;
            let inner = self.or()?;
            self.take(&Token::Close)?;
            return Some(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Expr> {
        let Some(Token::Word(word)) = self.peek().cloned() else { return None };
        if matches!(word.as_str(), "startswith" | "startsWith" | "endswith" | "endsWith" | "contains") {
            self.at += 1;
            return self.call(&word);
        }
        if let Some((path, lambda)) = word.rsplit_once('/').filter(|(_, last)| matches!(*last, "any" | "all")) {
            self.at += 1;
            return self.lambda(path, lambda == "any");
        }
        if let Some(path) = word.strip_suffix("/$count") {
            self.at += 1;
            let op = self.op()?;
            let Some(Token::Word(number)) = self.next() else { return None };
            return Some(Expr::Count(self.path(path)?, op, number.parse().ok()?));
        }
        let operand = self.operand()?;
        if self.word("in") {
            self.at += 1;
            self.take(&Token::Open)?;
            let mut list = vec![self.literal()?];
            while self.peek() == Some(&Token::Comma) {
                self.at += 1;
                list.push(self.literal()?);
            }
            self.take(&Token::Close)?;
            return Some(Expr::In(operand, list));
        }
        let op = match self.peek() {
            Some(Token::Word(word)) if matches!(word.as_str(), "eq" | "ne" | "gt" | "ge" | "lt" | "le") => self.op()?,
            // A bare true-or-false property.
            _ => return (!operand.path.is_empty()).then_some(Expr::Compare(operand, Op::Eq, Literal::Bool(true))),
        };
        Some(Expr::Compare(operand, op, self.literal()?))
    }

    fn op(&mut self) -> Option<Op> {
        let Some(Token::Word(word)) = self.next() else { return None };
        Some(match word.as_str() {
            "eq" => Op::Eq,
            "ne" => Op::Ne,
            "gt" => Op::Gt,
            "ge" => Op::Ge,
            "lt" => Op::Lt,
            "le" => Op::Le,
            _ => return None,
        })
    }

    fn call(&mut self, name: &str) -> Option<Expr> {
        self.take(&Token::Open)?;
        let operand = self.operand()?;
        self.take(&Token::Comma)?;
        let Some(Token::Text(text)) = self.next() else { return None };
        self.take(&Token::Close)?;
        let call = match name {
            "startswith" | "startsWith" => Expr::StartsWith(operand, text),
            "endswith" | "endsWith" => Expr::EndsWith(operand, text),
            _ => Expr::Contains(operand, text),
        };
        // `startswith(x,'y') eq true` is the long form.
        if self.word("eq") {
            self.at += 1;
            return match self.next()? {
                Token::Word(word) if word == "true" => Some(call),
                Token::Word(word) if word == "false" => Some(Expr::Not(Box::new(call))),
                _ => None,
            };
        }
        Some(call)
    }

    fn lambda(&mut self, path: &str, any: bool) -> Option<Expr> {
        let path = self.path(path)?;
        self.take(&Token::Open)?;
        if any && self.peek() == Some(&Token::Close) {
            self.at += 1;
            return Some(Expr::Any(path, None));
        }
        let Some(Token::Word(variable)) = self.next() else { return None };
        self.take(&Token::Colon)?;
        self.variables.push(variable);
        let body = self.or()?;
        self.variables.pop();
        self.take(&Token::Close)?;
        Some(if any { Expr::Any(path, Some(Box::new(body))) } else { Expr::All(path, Box::new(body)) })
    }

    fn operand(&mut self) -> Option<Operand> {
        let Some(Token::Word(word)) = self.next() else { return None };
        if matches!(word.as_str(), "tolower" | "toupper") {
            self.take(&Token::Open)?;
            let inner = self.operand()?;
            self.take(&Token::Close)?;
            return Some(Operand { fold: true, ..inner });
        }
        let path = self.path(&word)?;
        let item = path.first().is_some_and(|first| self.variables.contains(first));
        let path = if item { path.into_iter().skip(1).collect() } else { path };
        Some(Operand { path, item, fold: false })
    }

    fn path(&self, text: &str) -> Option<Vec<String>> {
        let parts: Vec<String> = text.split('/').map(str::to_owned).collect();
        let name = |part: &String| {
            let mut characters = part.chars();
            characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_') && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let keyword =
            |part: &String| matches!(part.as_str(), "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "and" | "or" | "not" | "in" | "true" | "false" | "null");
        (parts.iter().all(name) && !keyword(&parts[0])).then_some(parts)
    }

    fn literal(&mut self) -> Option<Literal> {
        match self.next()? {
            Token::Text(text) => Some(Literal::Text(text)),
            Token::Word(word) => match word.as_str() {
                "true" => Some(Literal::Bool(true)),
                "false" => Some(Literal::Bool(false)),
                "null" => Some(Literal::Null),
                word => {
                    if let Some(time) = super::ticks(word) {
                        return Some(Literal::Time(time));
                    }
                    if let Some(time) = day(word) {
                        return Some(Literal::Time(time));
                    }
                    if uuid::Uuid::try_parse(word).is_ok() {
                        return Some(Literal::Text(word.to_owned()));
                    }
                    word.parse::<f64>().ok().filter(|n| n.is_finite()).map(Literal::Number)
                }
            },
            _ => None,
        }
    }
}

fn day(word: &str) -> Option<i64> {
    let day = chrono::NaiveDate::parse_from_str(word, "%Y-%m-%d").ok()?;
    super::ticks(&format!("{day}T00:00:00Z"))
}
