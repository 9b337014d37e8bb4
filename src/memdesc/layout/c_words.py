"""The words of C and of the kernel's annotations that the reader of declarations knows."""

QUALIFIERS = frozenset((
    "const", "volatile", "restrict", "__restrict", "__restrict__", "__const", "__volatile__", "_Atomic",
    "static", "extern", "inline", "__inline", "__inline__", "register", "auto", "_Noreturn", "__extension__",
    "_Thread_local",
))  # fmt: skip

# Annotations that say nothing about the layout; those of the second set take arguments.
SILENT = frozenset((
    "__user", "__rcu", "__iomem", "__percpu", "__private", "__bitwise", "__force", "__randomize_layout",
    "__no_randomize_layout", "randomized_struct_fields_start", "randomized_struct_fields_end",
    "__maybe_unused", "__always_unused", "__init", "__initdata", "__always_inline", "noinline",
    "__must_check", "__read_mostly", "__nonstring", "__designated_init",
))  # fmt: skip
SILENT_CALLS = frozenset((
    "__counted_by", "__counted_by_le", "__counted_by_be", "__guarded_by", "__acquires", "__releases",
    "__must_hold", "__printf",
))  # fmt: skip

BASE = frozenset((
    "char", "short", "int", "long", "signed", "unsigned", "__signed__", "__signed", "float", "double",
    "void", "_Bool", "__int128",
))  # fmt: skip

KEYWORDS = BASE | QUALIFIERS | {"struct", "union", "enum", "typedef", "sizeof", "if", "else", "for", "return"}

SCALAR: dict[tuple[str, ...], str] = {
    tuple(sorted(words.split())): name
    for name, spellings in {
        "char": "char",
        "signed char": "signed char",
        "unsigned char": "unsigned char",
        "short": "short|short int|signed short|signed short int",
        "unsigned short": "unsigned short|unsigned short int",
        "int": "int|signed|signed int",
        "unsigned int": "unsigned|unsigned int",
        "long": "long|long int|signed long|signed long int",
        "unsigned long": "unsigned long|unsigned long int",
        "long long": "long long|long long int|signed long long|signed long long int",
        "unsigned long long": "unsigned long long|unsigned long long int",
        "__int128": "__int128|signed __int128",
        "unsigned __int128": "unsigned __int128",
        "_Bool": "_Bool",
        "float": "float",
        "double": "double",
        "long double": "long double",
    }.items()
    for words in spellings.split("|")
}
"""The words of a basic type, sorted, and the name under which Abi.scalar() knows it."""

CACHE_LINE_BYTES = 64
