"""A pattern as Python's expressions read it, written again for the ``regex`` engine, which alone can be stopped.

``re`` holds the interpreter for as long as a pattern likes, and already takes minutes to compile some of them: here only its parser
looks at them. ``regex`` reads a few things otherwise (``\\w`` and marks that combine, fuzzy ``{e}``, ``[[:alpha:]]``): nothing of these
is left in what is written. Both then tell the same, but for characters that Unicode gained after the version of Python, and for
letters without regard to case beyond ASCII (``(?i:ſ)``).
"""

from __future__ import annotations

import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parsing  # type: ignore[import-not-found]
import warnings
from collections.abc import Callable, Mapping
from typing import Any

LONGEST = 20_000
"""Characters of a pattern: the longest of the schemas in use has 800."""

_CLASSES = {
    codes.CATEGORY_WORD: (r"\p{L}\p{N}_", "a-zA-Z0-9_"),
    codes.CATEGORY_DIGIT: (r"\p{Nd}", "0-9"),
    codes.CATEGORY_SPACE: (r"\s\x1c-\x1f", r" \t\n\r\f\v"),
}
_NEGATED = {
    codes.CATEGORY_NOT_WORD: codes.CATEGORY_WORD,
    codes.CATEGORY_NOT_DIGIT: codes.CATEGORY_DIGIT,
    codes.CATEGORY_NOT_SPACE: codes.CATEGORY_SPACE,
}
_FLAGS = {re.IGNORECASE.value: "i", re.MULTILINE.value: "m", re.DOTALL.value: "s"}
_PLACES = {
    codes.AT_BEGINNING: "^",
    codes.AT_END: "$",
    codes.AT_BEGINNING_STRING: r"\A",
    codes.AT_END_STRING: r"\Z",
}


def rewritten(pattern: str) -> str:
    """The pattern for ``regex``; re.error, RecursionError or OverflowError when Python would refuse it."""
    if len(pattern) > LONGEST:
        raise re.error("too long")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = parsing.parse(pattern)
    return _Writer().sequence(parsed, ascii_only=False)


class _Writer:
    """Writes what the parser of ``re`` gives, one method a kind of element."""

    def sequence(self, parsed: Any, *, ascii_only: bool) -> str:
        """Elements one after the other."""
        return "".join(_WRITERS[code](self, value, ascii_only) for code, value in parsed)

    def literal(self, code: int, _ascii: bool) -> str:
        """A character."""
        return _escaped(code)

    def not_literal(self, code: int, _ascii: bool) -> str:
        """Any other character."""
        return f"[^{_escaped(code)}]"

    def any(self, _value: Any, _ascii: bool) -> str:
        """Any character, line feeds included as the flags say."""
        return "."

    def place(self, code: Any, ascii_only: bool) -> str:
        """An anchor; boundaries of words are told by our own words."""
        if code in _PLACES:
            return _PLACES[code]
        word = f"[{_CLASSES[codes.CATEGORY_WORD][ascii_only]}]"
        if code == codes.AT_BOUNDARY:
            return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
        return rf"(?:(?<={word})(?={word})|(?!\A\Z)(?<!{word})(?!{word}))"

    def category(self, code: Any, ascii_only: bool) -> str:
        """A class alone, such as ``\\w``."""
        return self.characters([(codes.CATEGORY, code)], ascii_only)

    def characters(self, items: list[tuple[Any, Any]], ascii_only: bool) -> str:
        """A set of characters; classes that are the contrary of another are beside it."""
        negative = bool(items) and items[0][0] == codes.NEGATE
        inside, beside = "", []
        for code, value in items:
            if code == codes.LITERAL:
                inside += _escaped(value)
            elif code == codes.RANGE:
                inside += f"{_escaped(value[0])}-{_escaped(value[1])}"
            elif code == codes.CATEGORY and value in _CLASSES:
                inside += _CLASSES[value][ascii_only]
            elif code == codes.CATEGORY:
                beside.append(f"[^{_CLASSES[_NEGATED[value]][ascii_only]}]")
        if not beside:
            return f"[{'^' if negative else ''}{inside}]"
        either = "|".join([*([f"[{inside}]"] if inside else []), *beside])
        return f"(?:(?!{either})(?s:.))" if negative else f"(?:{either})"

    def branch(self, value: Any, ascii_only: bool) -> str:
        """Alternatives."""
        return f"(?:{'|'.join(self.sequence(item, ascii_only=ascii_only) for item in value[1])})"

    def group(self, value: Any, ascii_only: bool) -> str:
        """A group, with its flags."""
        number, added, removed, inner = value
        ascii_only = bool(added & re.ASCII.value) or (ascii_only and not added & re.UNICODE.value)
        written = self.sequence(inner, ascii_only=ascii_only)
        more, less = _flags(added), _flags(removed)
        if more or less:
            written = f"(?{more}{'-' + less if less else ''}:{written})"
        return f"(?:{written})" if number is None else f"({written})"

    def repeat(self, value: Any, ascii_only: bool, mode: str = "") -> str:
        """A repetition."""
        least, most, inner = value
        last = "" if most == codes.MAXREPEAT else str(most)
        return f"(?:{self.sequence(inner, ascii_only=ascii_only)}){{{least},{last}}}{mode}"

    def atomic(self, value: Any, ascii_only: bool) -> str:
        """A group that gives nothing back."""
        return f"(?>{self.sequence(value, ascii_only=ascii_only)})"

    def look(self, value: Any, ascii_only: bool, sign: str = "=") -> str:
        """What must, or must not, stand before or after; ``re`` only looks back over a fixed width."""
        direction, inner = value
        if direction < 0 and len(set(inner.getwidth())) > 1:
            raise re.error("look-behind requires fixed-width pattern")
        return f"(?{'<' if direction < 0 else ''}{sign}{self.sequence(inner, ascii_only=ascii_only)})"

    def reference(self, number: int, _ascii: bool) -> str:
        """What a group found."""
        return f"(?:\\{number})"

    def condition(self, value: Any, ascii_only: bool) -> str:
        """One thing or another, whether a group found something."""
        number, then, other = value
        otherwise = self.sequence(other, ascii_only=ascii_only) if other is not None else ""
        return f"(?({number}){self.sequence(then, ascii_only=ascii_only)}|{otherwise})"

    def failure(self, _value: Any, _ascii: bool) -> str:
        """Nothing at all."""
        return "(?!)"


_WRITERS: Mapping[Any, Callable[[_Writer, Any, bool], str]] = {
    codes.LITERAL: _Writer.literal,
    codes.NOT_LITERAL: _Writer.not_literal,
    codes.ANY: _Writer.any,
    codes.AT: _Writer.place,
    codes.CATEGORY: _Writer.category,
    codes.IN: _Writer.characters,
    codes.BRANCH: _Writer.branch,
    codes.SUBPATTERN: _Writer.group,
    codes.MAX_REPEAT: _Writer.repeat,
    codes.MIN_REPEAT: lambda writer, value, ascii_only: writer.repeat(value, ascii_only, "?"),
    codes.POSSESSIVE_REPEAT: lambda writer, value, ascii_only: writer.repeat(value, ascii_only, "+"),
    codes.ATOMIC_GROUP: _Writer.atomic,
    codes.ASSERT: _Writer.look,
    codes.ASSERT_NOT: lambda writer, value, ascii_only: writer.look(value, ascii_only, "!"),
    codes.GROUPREF: _Writer.reference,
    codes.GROUPREF_EXISTS: _Writer.condition,
    codes.FAILURE: _Writer.failure,
}


def _escaped(code: int) -> str:
    sign = chr(code)
    if sign.isascii() and sign.isalnum():
        return sign
    return f"\\x{code:02x}" if code < 0x80 else f"\\U{code:08x}"


def _flags(value: int) -> str:
    return "".join(sign for flag, sign in _FLAGS.items() if value & flag)
