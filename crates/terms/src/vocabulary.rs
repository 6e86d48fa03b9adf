//! Closed word lists: one macro, so that every vocabulary parses, prints and suggests in the same way.

/// A word that does not stand in one of the closed vocabularies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a known {vocabulary}{}", self.hint())]
pub struct UnknownWord {
    vocabulary: &'static str,
    word: String,
    nearest: Option<&'static str>,
}

impl UnknownWord {
    /// Builds the error and looks up the nearest known word.
    pub(crate) fn new(vocabulary: &'static str, word: &str, known: &[&'static str]) -> Self {
        Self { vocabulary, word: word.to_owned(), nearest: nearest(word, known) }
    }

    /// The known word closest in spelling, if one is close enough to be a likely slip.
    pub fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }

    fn hint(&self) -> String {
        self.nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default()
    }
}

/// Picks the known word with the highest Jaro-Winkler similarity, at least 0.8.
fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), *candidate))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Declares a closed vocabulary: an enum whose variants have a fixed spelling and a label for people.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $name:ident, $noun:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, $label:literal; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$variant_meta])* #[doc = $label] $variant, )+
        }

        impl $name {
            /// Every word of the vocabulary, in its declared order.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The word as it stands in files and on the command line.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The word as it stands in a letter or a table that people read.
            pub const fn label(self) -> &'static str {
                match self { $( Self::$variant => $label, )+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|known| known.as_str() == word)
                    .ok_or_else(|| $crate::UnknownWord::new($noun, word, &[ $( $word, )+ ]))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $noun, "enum": [$( $word, )+] })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use vocabulary;
