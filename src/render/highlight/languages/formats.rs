//! Data, markup and text formats.

use super::*;

pub const LANGUAGES: &[Language] = &[
    Language {
        names: &["yaml", "yml"],
        marks: &[
            HASH_APART,
            string("\"").at(OpensAt::Apart),
            raw("'", "'").at(OpensAt::Apart),
            word(Class::Type, "&").at(OpensAt::AfterBlank),
            word(Class::Type, "*").at(OpensAt::AfterBlank),
            word(Class::Type, "!").at(OpensAt::AfterBlank),
        ],
        joins: "-./",
        constants: "false null true",
        case: Case::Ignored,
        numbers: DATED,
        keys: Keys::ColonBlank,
        ..PLAIN
    },
    Language {
        names: &["json", "jsonc", "json5", "jsonl", "ndjson"],
        marks: &[SLASHES, SLASH_STAR, string("\""), string("'")],
        constants: "false null true",
        numbers: DECIMAL,
        keys: Keys::Colon,
        ..PLAIN
    },
    Language {
        names: &["toml"],
        marks: &[
            HASH,
            long("\"\"\""),
            long_raw("'''", "'''"),
            string("\""),
            raw("'", "'"),
            raw("[[", "]]").class(Class::Keyword).at(OpensAt::Column),
            raw("[", "]").class(Class::Keyword).at(OpensAt::Column),
        ],
        joins: "-.",
        constants: "false inf nan true",
        numbers: DATED,
        keys: Keys::Equals,
        ..PLAIN
    },
    Language {
        names: &[
            "ini",
            "properties",
            "conf",
            "cfg",
            "config",
            "env",
            "dotenv",
            "systemd",
        ],
        marks: &[
            HASH.at(OpensAt::LeadsLine),
            comment(";").at(OpensAt::AfterBlank),
            string("\"").at(OpensAt::Apart),
            string("'").at(OpensAt::Apart),
            raw("[", "]").class(Class::Keyword).at(OpensAt::Column),
        ],
        joins: "-.",
        constants: "false no none null off on true yes",
        case: Case::Ignored,
        numbers: DATED,
        keys: Keys::LeadsLine,
        ..PLAIN
    },
    Language {
        names: &["html", "xml", "xhtml", "htm", "svg"],
        marks: &[
            block_comment("<!--", "-->"),
            word(Class::Keyword, "</"),
            word(Class::Keyword, "<!"),
            word(Class::Keyword, "<?"),
            word(Class::Keyword, "<"),
            long_raw("\"", "\"").at(OpensAt::AfterEquals),
            long_raw("'", "'").at(OpensAt::AfterEquals),
        ],
        joins: "-.:",
        keys: Keys::Assigned,
        ..PLAIN
    },
    Language {
        names: &["css", "scss", "less"],
        marks: &[
            SLASH_STAR,
            comment("//").at(OpensAt::AfterBlank),
            string("\""),
            string("'"),
            word(Class::Keyword, "@"),
            word(Class::Type, "#"),
            word(Class::Type, ".").at(OpensAt::Apart),
        ],
        joins: "-",
        numbers: DECIMAL,
        keys: Keys::ColonBlank,
        ..PLAIN
    },
    Language {
        names: &["graphql", "gql"],
        marks: &[
            HASH,
            long("\"\"\""),
            string("\""),
            word(Class::Property, "$"),
            word(Class::Type, "@"),
        ],
        keywords: "directive enum extend fragment implements input interface mutation on query \
                   scalar schema subscription type union",
        constants: "false null true",
        types: Types::Capitalised,
        numbers: DECIMAL,
        keys: Keys::ColonBlank,
        ..PLAIN
    },
    Language {
        names: &["protobuf", "proto", "proto3"],
        marks: &[SLASHES, SLASH_STAR, string("\""), string("'")],
        keywords: "enum extend extensions group import map max message oneof option optional \
                   package public repeated required reserved returns rpc service stream syntax to \
                   weak",
        constants: "bool bytes double false fixed32 fixed64 float int32 int64 sfixed32 sfixed64 \
                    sint32 sint64 string true uint32 uint64",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["diff", "patch", "udiff"],
        // A removed `-- comment` reads `--- comment`, so a file header must name a path.
        marks: &[
            line(Class::Keyword, "@@"),
            line(Class::Keyword, "diff "),
            line(Class::Keyword, "index "),
            line(Class::Keyword, "--- a/"),
            line(Class::Keyword, "--- /dev/null"),
            line(Class::Keyword, "+++ b/"),
            line(Class::Keyword, "+++ /dev/null"),
            line(Class::Inserted, "+"),
            line(Class::Deleted, "-"),
        ],
        ..PLAIN
    },
    Language {
        names: &["http", "https"],
        marks: &[string("\"").at(OpensAt::Apart)],
        joins: "-",
        keywords: "CONNECT DELETE GET HEAD HTTP OPTIONS PATCH POST PUT TRACE",
        constants: "false null true",
        numbers: DATED,
        keys: Keys::LeadsLine,
        ..PLAIN
    },
    Language {
        names: &["text", "txt", "plain", "plaintext", "log"],
        ..PLAIN
    },
];
