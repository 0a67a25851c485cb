"""Bad scenario files: what each is, what it holds, and the fault that a reader must be told of.

A fault is expected at `LINE:COLUMN`, at a key, and with certain words in its message.
"""

from dataclasses import dataclass

from .bad_lines import BAD_LINES

TOP = "name: bad\nextends: jincheng-2020\n"
DEPTH = 10_000


@dataclass(frozen=True)
class Bad:
    """One bad file; `where` is empty for a fault of the file as a whole."""

    what: str
    content: bytes
    where: str
    key: str
    words: str


def _below(text: str) -> bytes:
    return (TOP + text + "\n").encode("utf-8")


def _nested_blocks(depth: int) -> str:
    """Mappings in mappings, each on a line of its own; a file of 10,000 holds 50 MB."""
    return "\n".join(f"{' ' * level}k:" for level in range(depth))


_BILLION = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} {{{', '.join(f'k{i}: *{before}' for i in range(10))}}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_CITY = "name: bad\ntitle: 晋城\nextends: jincheng-2020\n"

# What no parser gets far with: encodings, control characters, YAML that is none or too much.
_WHOLE = (
    ("nothing but line ends", b"\n\n\r\n", "1:1", "", "holds nothing"),
    ("nothing but remarks", b"# one\n  # two\n", "1:1", "", "holds nothing"),
    ("a document without content", b"---\n...\n", "2:1", "", "must be a mapping, not empty"),
    ("a number at the top", b"42\n", "1:1", "", "must be a mapping, not a number"),
    ("null at the top", b"~\n", "1:1", "", "must be a mapping, not empty"),
    ("a list of scenarios", b"- name: a\n- name: b\n", "1:1", "", "not a list"),
    ("several documents", (TOP + "---\n" + TOP).encode(), "3:1", "", "one file holds one scenario"),
    ("GBK", _CITY.encode("gbk"), "2:8", "", "is not UTF-8 text; save the file as UTF-8"),
    ("Latin-1", b"name: bad\ntitle: r\xe9sum\xe9\n", "2:9", "", "save the file as UTF-8"),
    ("UTF-16 with its mark", _CITY.encode("utf-16"), "1:1", "", "save the file as UTF-8"),
    ("UTF-16 without, little", _CITY.encode("utf-16-le"), "1:1", "", "save the file as UTF-8"),
    ("UTF-16 without, big", _CITY.encode("utf-16-be"), "1:1", "", "save the file as UTF-8"),
    ("UTF-32 with its mark", _CITY.encode("utf-32"), "1:1", "", "save the file as UTF-8"),
    (
        "a byte order mark within",
        b"name: b\n\xef\xbb\xbfwhy: x\n",
        "2:1",
        "\ufeffwhy",
        "\\ufeffwhy: no such",
    ),
    ("bytes cut in a letter", _CITY.encode()[:19], "2:8", "", "save the file as UTF-8"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "1:1", "", "save the file as UTF-8"),
    ("a program", b"\x7fELF\2\1\1" + bytes(9), "1:1", "", "a character that is not text"),
    ("a zip archive", b"PK\3\4\x14\0\0\0\x08\0", "1:3", "", "a character that is not text"),
    ("NUL bytes at the end", TOP.encode() + bytes(512), "3:1", "", "a character that is not text"),
    ("an escape in a remark", b"# \x1b[2J\nname: bad\n", "1:3", "", "a character that is not text"),
    ("YAML 1.1", b"%YAML 1.1\n---\nname: bad\n", "2:1", "", "only YAML 1.2 is read"),
    ("tabs throughout", b"name:\tbad\ntime:\n\tstart: 2020-01-01\n", "1:6", "", "not tabs"),
    ("10,000 lists, flow", ("[" * DEPTH).encode(), "1:41", "", "nested deeper than 40 levels"),
    ("10,000 mappings, flow", b"{a: " * DEPTH, "1:161", ".".join("a" * 40), "deeper than 40"),
    ("10,000 lists, block", b"- " * DEPTH, "1:81", "", "nested deeper than 40 levels"),
    ("mappings, block", _nested_blocks(1000).encode(), "41:41", ".".join("k" * 40), "deeper than"),
    ("a billion laughs", _BILLION.encode(), "6:20", "f.k1", "more than 200,000 values"),
    ("all of it on one line", b"x" * (1 << 20), "1:1", "", "must be a mapping, not the text"),
    ("more than a megabyte", b"#" * (1 << 20) + b"\n", "", "", "holds more than 1,048,576 bytes"),
    ("a key of a megabyte", b"k" * (1 << 19) + b": 1\n", "1:524289", "", "is not YAML"),
    ("no name", b"extends: jincheng-2020\n", "1:1", "name", "is missing"),
    ("a path as the name", b"name: ../x\n", "1:7", "name", "../x is not a slug"),
    ("a folder as the name", b"name: /etc/\n", "1:7", "name", "/etc/ is not a slug"),
    ("an empty name", b'name: ""\n', "1:7", "name", "must be text, not empty text"),
    ("a number as the name", b"name: 2020\n", "1:7", "name", "must be text, not a number"),
    ("a date as the name", b"name: 2020-01-01\n", "1:7", "name", "must be text, not a date"),
    ("a device as the name", b"name: con\n", "1:7", "name", "con is a name that Windows keeps"),
    ("too long a name", b"name: " + b"a" * 81, "1:7", "name", "is not a slug; allowed: small"),
    ("no such parent", b"name: b\nextends: ../x.yaml\n", "2:10", "extends", "there is no scenario"),
    ("itself as parent", b"name: b\nextends: bad.yaml\n", "2:10", "extends", "extends itself"),
)

BAD_FILES = (
    *(Bad(*row) for row in _WHOLE),
    *(Bad(what, _below(text), where, key, words) for what, text, where, key, words in BAD_LINES),
)
