//! Words that several rooms put together. What they are about is not known here.

/// "Alice", "Alice and Bob", "Alice, Bob and 3 more", "nobody".
pub(crate) fn listed<T: AsRef<str>>(names: &[T], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    match (shown.as_slice(), names.len().saturating_sub(most)) {
        ([], _) => "nobody".to_owned(),
        ([one], 0) => (*one).to_owned(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (some, more) => format!("{} and {more} more", some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn names_are_listed_as_one_says_them() {
        let names = ["A", "B", "C"];
        assert_eq!((listed(&names, 3).as_str(), listed(&names, 2).as_str(), listed(&names[..1], 2).as_str()), ("A, B and C", "A, B and 1 more", "A"));
        assert_eq!(listed::<&str>(&[], 2), "nobody");
    }
}
