"""What may be sent to a database of elsewhere: one statement that reads.

The wall is the account, which should only be able to read, and a transaction that the server holds to reading. This check comes first
so that people are told at once what cannot be, and for servers whose transactions do not hold everything.
"""

from __future__ import annotations

import re

from parvis.core.databases.errors import BadQuery
from parvis.core.translation import Sentence

LONGEST = 50_000
_GRAMMAR = r"""
    (?P<skipped>\s+|{comment}[^\n\r]*)
    |(?P<comment>/\*)
    |(?P<text>{text})
    |(?P<name>{name})
    |(?P<word>[^\W\d][\w$]*)
    |(?P<number>\d[\w.]*)
    |(?P<sign>.)
    """
_SYNTAX = {
    "postgresql": {
        "comment": "--",
        "text": r"[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?P<tag>[^\W\d]\w*|)\$.*?\$(?P=tag)\$",
        "name": r'"(?:[^"]|"")*"',
    },
    "mysql": {
        "comment": r"(?:\#|--(?=\s|$))",
        "text": r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*\"""",
        "name": r"`(?:[^`]|``)*`",
    },
}
"""What each server takes for comments, texts and quoted names. They must be its own: a text that ends elsewhere than we believe hides
what follows it from this check."""
_TOKENS = {kind: re.compile(_GRAMMAR.format(**syntax), re.VERBOSE | re.DOTALL) for kind, syntax in _SYNTAX.items()}
_FIRST = {"select", "with", "table", "values"}
_WRITING = frozenset(
    [
        "insert",
        "update",
        "delete",
        "merge",
        "replace",
        "truncate",
        "create",
        "alter",
        "drop",
        "grant",
        "revoke",
        "call",
        "do",
        "exec",
        "execute",
        "copy",
        "into",
        "lock",
        "set",
        "reset",
        "begin",
        "commit",
        "rollback",
        "savepoint",
        "vacuum",
        "analyze",
        "reindex",
        "cluster",
        "listen",
        "notify",
        "load",
        "handler",
        "prepare",
        "deallocate",
        "declare",
        "refresh",
        "import",
        "attach",
        "detach",
        "use",
        "kill",
        "shutdown",
        "rename",
        "outfile",
        "dumpfile",
    ]
)
_ALSO_FUNCTIONS = {"replace", "insert", "truncate", "set"}
"""Words of the list above that are functions too, when a bracket follows."""
_REACHING = re.compile(
    r"^(pg_read_\w+|pg_ls_\w+|pg_stat_file|lo_\w+|dblink\w*|pg_terminate_backend|pg_cancel_backend|pg_sleep\w*|pg_(try_)?advisory\w*"
    r"|load_file|sleep|benchmark|get_lock|xp_\w+|openrowset|openquery|opendatasource|nextval|setval|query_to_xml\w*|set_config)$"
)
"""Functions that read files, reach other machines, wait or change something outside of any transaction."""


def checked_select(query: str, kind: str) -> str:
    """``query`` to a server of that ``kind``, without the semicolon that ends it, when it is one statement that reads; BadQuery.

    Comments that MySQL runs (``/*! … */``) are refused with the others nested in each other: readers differ on where those end.
    """
    text = query.strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise BadQuery(reason=Sentence("elle est vide ou trop longue"))
    tokens = _tokens(text, _TOKENS[kind])
    while tokens and tokens[-1][1] == ";":
        text = text[: tokens.pop()[0]].rstrip()
    if not tokens or tokens[0][1] not in _FIRST:
        raise BadQuery(reason=Sentence("elle ne commence pas par SELECT"))
    depth = 0
    for number, (_place, part) in enumerate(tokens):
        following = tokens[number + 1][1] if number + 1 < len(tokens) else ""
        depth += (part == "(") - (part == ")")
        if part == ";" or depth < 0:
            raise BadQuery(reason=Sentence("elle contient plusieurs instructions"))
        if (part in _WRITING and not (part in _ALSO_FUNCTIONS and following == "(")) or _REACHING.match(part):
            raise BadQuery(reason=Sentence("« {word} » n’est pas admis", {"word": part.upper()}))
    if depth:
        raise BadQuery(reason=Sentence("ses parenthèses ne se ferment pas"))
    return text


def _tokens(text: str, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Words and signs in lower case with their places; texts and quoted names are of no account."""
    tokens, place = [], 0
    while place < len(text):
        match = pattern.match(text, place)
        if match is None or match["comment"]:
            end = (
                text.find("*/", place + 2)
                if match is not None and text[place + 2 : place + 3] not in ("!", "+", "M")
                else -1
            )
            if end < 0 or "/*" in text[place + 2 : end]:
                raise BadQuery(reason=Sentence("un commentaire n’y est pas lisible"))
            place = end + 2
            continue
        if match["word"] or match["sign"]:
            part = match[0].lower()
            if part in ("'", '"', "`"):
                raise BadQuery(reason=Sentence("un texte ou un nom n’y est pas fermé"))
            tokens.append((place, part))
        elif not match["skipped"]:
            tokens.append((place, "''"))
        place = match.end()
    return tokens
