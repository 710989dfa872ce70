//! Graph's evolvable enumerations: the members that are known by name, and every other one kept as it was sent. Graph
//! compares them without regard to case in exports, so does this.

macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($member:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($member,)+
            /// A member that is not known here, as it was sent.
            Other(String),
        }
        impl $name {
            #[must_use]
            pub fn from_graph(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case($text) { return Self::$member; })+
                Self::Other(text.to_owned())
            }
            #[must_use]
            pub fn as_graph(&self) -> &str {
                match self {
                    $(Self::$member => $text,)+
                    Self::Other(text) => text,
                }
            }
            #[must_use]
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }
        impl $crate::model::fields::Member for $name {
            fn read(text: &str) -> Self { Self::from_graph(text) }
            fn text(&self) -> &str { self.as_graph() }
        }
        impl $crate::model::fields::Known for $name {
            fn known(&self) -> bool { self.is_known() }
        }
    };
}
pub(crate) use open_enum;
