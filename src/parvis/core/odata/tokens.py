"""Text of an option to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from parvis.core.odata.errors import ODataEnds, ODataSyntax, ODataTooComplex
from parvis.core.odsql.errors import excerpt
from parvis.core.odsql.tokens import whole_characters

MAX_LENGTH = 10_000
"""Characters of one option; Power Query sends no address of more than 2,048."""


class Kind(StrEnum):
    """What a token is."""

    TEXT = "text"
    MOMENT = "moment"
    NUMBER = "number"
    NAME = "name"
    ALIAS = "alias"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text and where it starts."""

    kind: Kind
    text: str
    at: int

    def is_symbol(self, *symbols: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind is Kind.SYMBOL and self.text in symbols

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words, as the standard writes them: case counts."""
        return self.kind is Kind.NAME and self.text in words


# The plus of an offset that a client forgot to escape comes as a space.
_TOKEN = re.compile(
    r"(?P<text>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+ -]\d\d:\d\d)?)?)"
    r"|(?P<number>\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?)"
    r"|(?P<name>(?:\$(?:it|count)(?![\w$])|[^\W\d]\w*)(?:[./](?:[^\W\d]\w*))*)"
    r"|(?P<alias>@[^\W\d]\w*)"
    r"|(?P<symbol>[(),:;*/-])"
)
_BLANK = re.compile(r"[ \t\r\n]+")


def tokenize(text: str, option: str) -> list[Token]:
    """The tokens of an option, the last one its end; ODataSyntax for what is none."""
    if len(text) > MAX_LENGTH:
        raise ODataTooComplex(option=option, limit=MAX_LENGTH)
    text = whole_characters(text)
    tokens, at = [], 0
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
            continue
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            if text[at] == "'":
                raise ODataEnds(option=option, position=len(text), text=excerpt(text, len(text)))
            raise ODataSyntax(option=option, token=text[at], position=at, text=excerpt(text, at))
        tokens.append(Token(Kind(match.lastgroup), match[0], at))
        at = match.end()
    return [*tokens, Token(Kind.END, "", len(text))]
