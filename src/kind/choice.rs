//! Values of which the input names one of a few: an enum whose variants are also the keys and the usual labels.

/// The spelling of a variant's name, made by the compiler.
pub struct Spelling {
    bytes: [u8; 32],
    length: usize,
}

impl Spelling {
    /// Returns the name as serde writes it in the input: `NearMiss` is `near_miss`.
    pub const fn key(name: &str) -> Self {
        Self::new(name, b'_', true)
    }

    /// Returns the name as a label: `NearMiss` is `Near Miss`.
    pub const fn label(name: &str) -> Self {
        Self::new(name, b' ', false)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "evaluated by the compiler, which reports a name that is too long"
    )]
    const fn new(name: &str, separator: u8, is_lowercase: bool) -> Self {
        let name = name.as_bytes();
        let mut spelling = Self {
            bytes: [0; 32],
            length: 0,
        };
        let mut index = 0;
        while index < name.len() {
            let mut byte = name[index];
            if byte.is_ascii_uppercase() && index > 0 {
                spelling.bytes[spelling.length] = separator;
                spelling.length += 1;
            }
            if is_lowercase {
                byte = byte.to_ascii_lowercase();
            }
            spelling.bytes[spelling.length] = byte;
            spelling.length += 1;
            index += 1;
        }
        spelling
    }

    /// Returns the spelling as text.
    pub const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

mod derive {
    /// Implements `as_str` and `label`, which return the key and the label of a variant; those of a variant with a text, such as a
    /// custom mark, are that text.
    macro_rules! Keys {
        ($(#[$_:meta])* $_v:vis enum $Name:ident {
            $($(#[$_m:meta])* $Variant:ident $((& $_l:lifetime $text:ident))?),* $(,)?
        }) => {
            impl $Name {
                /// Returns the value as it is written in the input: `near_miss`.
                pub const fn as_str(self) -> &'static str {
                    match self {
                        $(Self::$Variant $(($text))? => $crate::kind::spelling!(key $Variant $($text)?)),*
                    }
                }

                /// Returns the value as a label: `Near Miss`.
                pub const fn label(self) -> &'static str {
                    match self {
                        $(Self::$Variant $(($text))? => $crate::kind::spelling!(label $Variant $($text)?)),*
                    }
                }
            }
        };
    }

    /// Implements `KEYS` and `ALL`, the lists of all variants.
    macro_rules! All {
        ($(#[$_:meta])* $_v:vis enum $Name:ident { $($(#[$_m:meta])* $Variant:ident),* $(,)? }) => {
            impl $Name {
                /// All values, as they are written in the input.
                pub const KEYS: &[&str] = &[$(Self::$Variant.as_str()),*];

                /// All values, in order.
                pub const ALL: [Self; Self::KEYS.len()] = [$(Self::$Variant),*];
            }
        };
    }

    macro_rules! spelling {
        ($form:ident $Variant:ident) => {{
            const SPELLING: &$crate::kind::Spelling =
                &$crate::kind::Spelling::$form(stringify!($Variant));
            SPELLING.as_str()
        }};
        ($form:ident $Variant:ident $text:ident) => {
            $text
        };
    }

    macro_rules_attribute::attribute_alias! {
        #[apply(Choice!)] =
            #[macro_rules_attribute::derive(
                Debug, Clone, Copy, PartialEq, Eq, ::serde::Deserialize, ::serde::Serialize, ::schemars::JsonSchema,
                crate::kind::Strings!, crate::kind::Keys!, crate::kind::All!
            )]
            #[serde(rename_all = "snake_case")];
    }

    pub(crate) use {All, Keys, spelling};
}

pub(crate) use derive::{All, Choice, Keys, spelling};

#[cfg(test)]
mod tests {
    use crate::incident::{FixStatus, Kind, SignatureRole};
    use crate::timeline::Mark;

    #[test]
    fn the_key_is_what_serde_writes_and_the_label_its_words() {
        for kind in [Kind::Incident, Kind::NearMiss] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!(FixStatus::PendingDeploy.as_str(), "pending_deploy");
        assert_eq!(FixStatus::PendingDeploy.label(), "Pending Deploy");
        assert_eq!(SignatureRole::KEYS, ["commander", "reviewer", "approver"]);
        assert_eq!(Mark::CustomerNotified.as_str(), "customer_notified");
        assert_eq!(Mark::Custom("handed_over").as_str(), "handed_over");
    }
}
