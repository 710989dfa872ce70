//! The operators that a filter rule may use.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    Equals,
    NotEquals,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
    Contains,
    NotContains,
    In,
    NotIn,
}

const NAMES: &[(Operator, &str)] = &[
    (Operator::Equals, "eq"),
    (Operator::NotEquals, "ne"),
    (Operator::StartsWith, "startsWith"),
    (Operator::NotStartsWith, "notStartsWith"),
    (Operator::EndsWith, "endsWith"),
    (Operator::NotEndsWith, "notEndsWith"),
    (Operator::Contains, "contains"),
    (Operator::NotContains, "notContains"),
    (Operator::In, "in"),
    (Operator::NotIn, "notIn"),
];

impl Operator {
    /// Without the hyphen, in whatever case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(operator, _)| *operator)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(operator, _)| *operator == self).map_or("", |(_, name)| name)
    }

    #[must_use]
    pub fn is_negative(self) -> bool {
        self.positive() != self
    }

    /// The operator that this one negates, or itself.
    #[must_use]
    pub fn positive(self) -> Self {
        match self {
            Self::NotEquals => Self::Equals,
            Self::NotStartsWith => Self::StartsWith,
            Self::NotEndsWith => Self::EndsWith,
            Self::NotContains => Self::Contains,
            Self::NotIn => Self::In,
            other => other,
        }
    }

    #[must_use]
    pub fn wants_list(self) -> bool {
        self.positive() == Self::In
    }
}
