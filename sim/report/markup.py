"""HTML put together from elements, so that no text reaches a page without being escaped."""

import re
from html import escape

_BEFORE_PER_CENT = re.compile(r"(?<=\d) (?=%)")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(name: str, *children: object, **attributes: object) -> Markup:
    """An element. Children that are not Markup are escaped, None is left out.

    Attribute names end in "_" where Python reserves the word, and have "_" for "-".
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{together(*children)}</{name}>")


def void(name: str, **attributes: object) -> Markup:
    """An element that has no end tag, as `img`."""
    return Markup(el(name, **attributes).removesuffix(f"</{name}>"))


def together(*children: object) -> Markup:
    """Elements and texts after one another."""
    return Markup("".join(_safe(child) for child in children if child is not None))


def _safe(child: object) -> str:
    """A text with what HTML needs escaped, and with numbers that no line end parts from their %."""
    if isinstance(child, Markup):
        return child
    return escape(_BEFORE_PER_CENT.sub("\u00a0", str(child)))
