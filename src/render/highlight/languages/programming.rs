//! The common programming languages.

use super::*;

pub const LANGUAGES: &[Language] = &[
    Language {
        names: &["rust", "rs"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            long_raw("r##\"", "\"##"),
            long_raw("r#\"", "\"#"),
            long_raw("r\"", "\""),
            long("\""),
            character(),
            word(Class::Type, "'"),
            raw("#![", "]").class(Class::Type),
            raw("#[", "]").class(Class::Type),
        ],
        keywords: "as async await break const continue crate dyn else enum extern fn for if impl \
                   in let loop match mod move mut pub ref return static struct super trait type \
                   union unsafe use where while",
        constants: "bool char f32 f64 false i128 i16 i32 i64 i8 isize self str true u128 u16 u32 \
                    u64 u8 usize",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["go", "golang"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            string("\""),
            string("'"),
            long_raw("`", "`"),
        ],
        keywords: "break case chan const continue default defer else fallthrough for func go goto \
                   if import interface map package range return select struct switch type var",
        constants: "any append bool byte cap close copy delete error false float32 float64 int \
                    int16 int32 int64 int8 iota len make new nil panic recover rune string true \
                    uint uint16 uint32 uint64 uint8 uintptr",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["python", "py", "python3", "py3"],
        marks: &[
            HASH,
            long("\"\"\""),
            long("'''"),
            string("\""),
            string("'"),
            word(Class::Type, "@").at(OpensAt::LeadsLine),
        ],
        keywords: "and as assert async await break case class continue def del elif else except \
                   finally for from global if import in is lambda match nonlocal not or pass \
                   raise return try while with yield",
        constants: "bool bytes dict enumerate float int len list object open print range self set \
                    sorted str sum super tuple type zip",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &[
            "javascript",
            "js",
            "jsx",
            "mjs",
            "cjs",
            "node",
            "typescript",
            "ts",
            "tsx",
        ],
        marks: &[
            SLASHES,
            SLASH_STAR,
            string("\""),
            string("'"),
            long("`"),
            word(Class::Type, "@"),
        ],
        joins: "$",
        keywords: "abstract as async await break case catch class const continue debugger declare \
                   default delete do else enum export extends finally for from function if \
                   implements import in instanceof interface let namespace new of private \
                   protected public readonly return satisfies static super switch throw try type \
                   typeof var while yield",
        constants: "any bigint boolean console document false never null number object string \
                    symbol this true undefined unknown void window",
        types: Types::Capitalised,
        numbers: DECIMAL,
        keys: Keys::ColonBlank,
        ..PLAIN
    },
    Language {
        names: &["java"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            long("\"\"\""),
            string("\""),
            string("'"),
            word(Class::Type, "@"),
        ],
        keywords: "abstract assert break case catch class continue default do else enum extends \
                   final finally for if implements import instanceof interface native new package \
                   permits private protected public record return sealed static super switch \
                   synchronized throw throws transient try var volatile while yield",
        constants: "boolean byte char double false float int long null short this true void",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["kotlin", "kt", "kts"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            long_raw("\"\"\"", "\"\"\""),
            string("\""),
            string("'"),
            word(Class::Type, "@"),
        ],
        keywords: "abstract as break by catch class companion const constructor continue data do \
                   else enum finally for fun if import in init inline interface internal is \
                   lateinit object open operator out override package private protected public \
                   return sealed super suspend throw try typealias val var when where while",
        constants: "false it null this true",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["csharp", "cs", "c#", "dotnet"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            long_raw("\"\"\"", "\"\"\""),
            long_raw("@\"", "\""),
            string("\""),
            string("'"),
            word(Class::Keyword, "#").at(OpensAt::LeadsLine),
        ],
        keywords: "abstract as async await base break case catch checked class const continue \
                   default delegate do else enum event explicit extern finally fixed for foreach \
                   from get goto group if implicit in init interface internal is let lock \
                   namespace new operator orderby out override params partial private protected \
                   public readonly record ref return sealed select set static struct switch throw \
                   try typeof unsafe using var virtual volatile when where while yield",
        constants: "bool byte char decimal double dynamic false float int long null object sbyte \
                    short string this true uint ulong ushort void",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["c", "h"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            string("\""),
            string("'"),
            word(Class::Keyword, "#").at(OpensAt::LeadsLine),
        ],
        keywords: "break case const continue default do else enum extern for goto if inline \
                   register restrict return sizeof static struct switch typedef union volatile \
                   while",
        constants: "NULL bool char double false float int int16_t int32_t int64_t int8_t long \
                    short signed size_t ssize_t true uint16_t uint32_t uint64_t uint8_t unsigned \
                    void",
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["cpp", "c++", "cc", "cxx", "hpp"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            long_raw("R\"(", ")\""),
            string("\""),
            string("'"),
            word(Class::Keyword, "#").at(OpensAt::LeadsLine),
        ],
        keywords: "alignas break case catch class co_await co_return co_yield concept const \
                   consteval constexpr continue decltype default delete do else enum explicit \
                   export extern final for friend goto if inline mutable namespace new noexcept \
                   operator override private protected public requires return sizeof static \
                   static_assert struct switch template throw try typedef typename union using \
                   virtual volatile while",
        constants: "NULL auto bool char double false float int int16_t int32_t int64_t int8_t \
                    long nullptr short signed size_t std string this true uint16_t uint32_t \
                    uint64_t uint8_t unsigned vector void",
        types: Types::Capitalised,
        numbers: Some("'."),
        ..PLAIN
    },
    Language {
        names: &["ruby", "rb"],
        marks: &[
            block_comment("=begin", "=end").at(OpensAt::Column),
            HASH_APART,
            string("\""),
            string("'"),
            word(Class::Type, ":").at(OpensAt::Apart),
            word(Class::Property, "@@"),
            word(Class::Property, "@"),
            word(Class::Property, "$"),
        ],
        joins: "!?",
        keywords: "alias and begin break case class def defined? do else elsif end ensure extend \
                   for if in include module next not or private raise redo require rescue retry \
                   return super then undef unless until when while yield",
        constants: "false nil puts self true",
        types: Types::Capitalised,
        numbers: DECIMAL,
        keys: Keys::ColonBlank,
        ..PLAIN
    },
    Language {
        names: &["php"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            raw("#[", "]").class(Class::Type),
            HASH_APART,
            string("\""),
            string("'"),
            word(Class::Keyword, "<?"),
            word(Class::Property, "$"),
        ],
        keywords: "abstract and as break case catch class clone const continue declare default do \
                   echo else elseif empty enum extends final finally fn for foreach function \
                   global if implements instanceof interface isset match namespace new or print \
                   private protected public readonly require require_once return static switch \
                   throw trait try unset use var while yield",
        constants: "array bool callable false float int iterable mixed never null object parent \
                    self string true void",
        case: Case::Ignored,
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["swift"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            long("\"\"\""),
            string("\""),
            word(Class::Keyword, "#"),
            word(Class::Type, "@"),
        ],
        keywords: "actor as associatedtype async await break case catch class continue default \
                   defer do else enum extension fallthrough fileprivate for func guard if import \
                   in init inout internal is lazy let mutating open override private protocol \
                   public repeat rethrows return some static struct subscript switch throw throws \
                   try typealias var weak where while",
        constants: "false nil self super true",
        types: Types::Capitalised,
        numbers: DECIMAL,
        keys: Keys::ColonBlank,
        ..PLAIN
    },
    Language {
        names: &["scala", "sc"],
        marks: &[
            SLASHES,
            SLASH_STAR,
            long_raw("\"\"\"", "\"\"\""),
            string("\""),
            character(),
            word(Class::Type, "@"),
        ],
        keywords: "abstract case catch class def do else enum export extends extension final \
                   finally for given if implicit import lazy match new object override package \
                   private protected return sealed super then throw trait try type using val var \
                   while with yield",
        constants: "false null this true",
        types: Types::Capitalised,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["elixir", "ex", "exs"],
        marks: &[
            HASH_APART,
            long("\"\"\""),
            string("\""),
            string("'"),
            word(Class::Type, ":").at(OpensAt::Apart),
            word(Class::Property, "@"),
        ],
        joins: "!?",
        keywords: "after alias and case catch cond def defexception defimpl defmacro defmodule \
                   defp defprotocol defstruct do else end fn for if import in not or quote raise \
                   receive require rescue try unless unquote use when with",
        constants: "false nil true",
        types: Types::Capitalised,
        numbers: DECIMAL,
        keys: Keys::ColonBlank,
        ..PLAIN
    },
    Language {
        names: &["lua"],
        marks: &[
            block_comment("--[[", "]]"),
            comment("--"),
            string("\""),
            string("'"),
            long_raw("[[", "]]"),
        ],
        keywords: "and break do else elseif end for function goto if in local not or repeat \
                   return then until while",
        constants: "error false ipairs nil pairs pcall print require self tonumber tostring true \
                    type",
        numbers: DECIMAL,
        ..PLAIN
    },
];
