//! What operators paste: queries, commands and configuration.

use super::*;

pub const LANGUAGES: &[Language] = &[
    Language {
        names: &[
            "sql",
            "postgres",
            "postgresql",
            "psql",
            "pgsql",
            "plpgsql",
            "mysql",
            "mariadb",
            "sqlite",
            "tsql",
            "mssql",
            "plsql",
            "bigquery",
            "clickhouse",
            "snowflake",
        ],
        marks: &[
            comment("--"),
            SLASH_STAR,
            raw("'", "'"),
            raw("\"", "\""),
            raw("`", "`"),
        ],
        keywords: "add all alter analyze and any as asc attach autovacuum begin between both by \
                   cascade case cast check cluster collate column commit concurrently conflict \
                   constraint copy create cross current cursor database declare default \
                   deferrable delete desc describe distinct do drop each else elsif end escape \
                   except exclude execute exists explain extension fetch filter first following \
                   for force foreign from full function grant group having if ilike immutable in \
                   include index inner insert instead intersect into is isnull join key kill \
                   language last lateral left like limit local lock loop materialized merge \
                   natural no not nothing notnull nulls of offset on only or order outer over \
                   partition policy preceding primary procedure raise range recursive references \
                   refresh reindex rename replace reset restrict return returning returns revoke \
                   right role rollback row rows savepoint schema select sequence session set show \
                   similar some start table tablespace temp temporary then ties to transaction \
                   trigger truncate unbounded union unique unlock unnest update use user using \
                   vacuum values verbose view volatile when where while window with within \
                   without work",
        constants: "abs array avg bigint bigserial bit blob bool boolean bytea ceil char coalesce \
                    concat count current_date current_timestamp date date_trunc datetime decimal \
                    double enum extract false float floor generate_series greatest inet int int2 \
                    int4 int8 integer interval json jsonb lag lead least length lower max min now \
                    null nullif number numeric percentile_cont pg_sleep precision random rank \
                    real round row_number serial smallint string substring sum text time \
                    timestamp timestamptz tinyint trim true unknown unsigned upper uuid varchar \
                    zone",
        case: Case::Ignored,
        numbers: DECIMAL,
        ..PLAIN
    },
    Language {
        names: &["promql", "prometheus", "metricsql"],
        marks: &[HASH, string("\""), string("'"), raw("`", "`")],
        joins: ":",
        keywords: "and atan2 bool by end group_left group_right ignoring offset on or start \
                   unless without",
        constants: "abs absent absent_over_time avg avg_over_time bottomk ceil changes clamp \
                    clamp_max clamp_min count count_over_time count_values delta deriv exp floor \
                    group histogram_quantile idelta increase inf irate label_join label_replace \
                    last_over_time ln log10 log2 max max_over_time min min_over_time nan \
                    predict_linear quantile quantile_over_time rate resets round scalar sort \
                    sort_desc sqrt stddev stddev_over_time stdvar sum sum_over_time time \
                    timestamp topk vector",
        case: Case::Ignored,
        numbers: DECIMAL,
        keys: Keys::Label,
        ..PLAIN
    },
    Language {
        names: &[
            "logs",
            "apl",
            "axiom",
            "kql",
            "kusto",
            "logql",
            "loki",
            "spl",
            "splunk",
            "cloudwatch",
        ],
        marks: &[
            comment("//").at(OpensAt::AfterBlank),
            HASH_APART,
            string("\""),
            string("'").at(OpensAt::Apart),
            raw("`", "`"),
        ],
        joins: "-",
        keywords: "and as asc between bin bucket by contains contains_cs dedup desc display \
                   distinct endswith eval evaluate extend fields filter fullouter has has_all \
                   has_any head ignoring in inner innerunique invoke join kind leftouter let like \
                   limit line_format logfmt lookup make-series matches materialize mv-apply \
                   mv-expand not offset on or order parse parse-where pattern print project \
                   project-away project-rename project-reorder range regex regexp rename render \
                   rex sample sample-distinct search serialize sort span startswith stats step \
                   summarize table tail take timechart top transaction union unwrap where with \
                   without",
        constants: "ago arg_max arg_min avg avgif bool bytes_over_time case coalesce count \
                    count_over_time countif datetime datetime_diff dcount dcountif dynamic \
                    earliest extract false format_datetime histogram iff int ipv4_is_in_range \
                    isempty isnotempty isnotnull isnull json latest long make_list make_set max \
                    maxif min minif now null parse_json percentile percentiles quantile \
                    quantile_over_time rate real round split startofday startofhour stdev strcat \
                    string strlen substring sum sum_over_time sumif timespan tobool todatetime \
                    todouble toint tolong tolower topk toreal tostring toupper trim true values",
        case: Case::Ignored,
        numbers: DECIMAL,
        keys: Keys::Label,
        ..PLAIN
    },
    Language {
        names: &[
            "shell", "sh", "bash", "zsh", "console", "terminal", "fish", "ksh",
        ],
        // Both quotes stop at the line end: `'{"id":"'$ID'"}'` and the `can't` of an
        // answer stand in the same block.
        marks: &[
            HASH_APART,
            string("\""),
            raw("'", "'"),
            raw("${", "}").class(Class::Property),
            word(Class::Property, "$"),
            word(Class::Property, "-").at(OpensAt::AfterBlank),
        ],
        joins: "-",
        keywords: "break case continue do done elif else esac exit export fi for function if in \
                   local readonly return select then until while",
        constants: "alias awk aws cat cd chmod chown cp curl cut date dig docker echo env eval \
                    exec false find git grep head helm jq kill kubectl ls make mkdir mv node npm \
                    openssl ping printf psql python read redis-cli rm sed set sleep sort source \
                    ssh sudo systemctl tail tar tee terraform test time touch trap true umask \
                    uniq unset wait watch wc wget xargs",
        numbers: DECIMAL,
        keys: Keys::Assigned,
        ..PLAIN
    },
    Language {
        names: &["hcl", "terraform", "tf", "tfvars", "opentofu"],
        marks: &[HASH, SLASHES, SLASH_STAR, string("\"")],
        joins: "-",
        keywords: "check data dynamic else endfor endif for if import in locals module moved \
                   output provider removed resource terraform variable",
        constants: "any bool each false list local map null number object path self set string \
                    true tuple var",
        numbers: DECIMAL,
        keys: Keys::Equals,
        ..PLAIN
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        // An instruction starts its line; the lines that continue it are indented.
        marks: &[
            HASH_APART,
            word(Class::Keyword, "").at(OpensAt::Column),
            string("\""),
            string("'").at(OpensAt::Apart),
            raw("${", "}").class(Class::Property),
            word(Class::Property, "$"),
            word(Class::Property, "-").at(OpensAt::AfterBlank),
        ],
        joins: "-",
        keywords: "AS as",
        numbers: DECIMAL,
        keys: Keys::Assigned,
        ..PLAIN
    },
    Language {
        names: &["nginx"],
        marks: &[
            HASH_APART,
            string("\"").at(OpensAt::Apart),
            string("'").at(OpensAt::Apart),
            word(Class::Property, "$"),
            word(Class::Keyword, "").at(OpensAt::LeadsLine),
        ],
        joins: "-",
        constants: "off on",
        numbers: DATED,
        ..PLAIN
    },
    Language {
        names: &["makefile", "make", "mk", "just", "justfile"],
        marks: &[
            HASH_APART,
            string("\"").at(OpensAt::Apart),
            string("'").at(OpensAt::Apart),
            word(Class::Property, ".").at(OpensAt::Column),
            raw("$(", ")").class(Class::Property),
            raw("${", "}").class(Class::Property),
            word(Class::Property, "$"),
        ],
        joins: "-.",
        keywords: "define else endef endif export ifdef ifeq ifndef ifneq include override \
                   unexport vpath",
        numbers: DECIMAL,
        keys: Keys::LeadsLine,
        ..PLAIN
    },
];
