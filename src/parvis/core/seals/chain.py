"""A whole chain, read and checked line after line in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from parvis.core.seals.entries import LONGEST_LINE, ChainState, NotAnEntry, Sealed, sealed_of
from parvis.core.seals.errors import ChainBroken, ChainsDiverge
from parvis.core.translation import Sentence


def checked_lines(lines: Iterable[bytes], after: ChainState = ChainState()) -> Iterator[Sealed]:
    """The entries of lines (each ends by a newline), those that follow ``after``; ChainBroken at the first that is not as it was.

    What was lost after the last line cannot be seen by who has this file alone: compare its state to one noted elsewhere.
    """
    number, previous = after.entries, after.digest
    for line in lines:
        number += 1
        if not line.endswith(b"\n"):
            raise ChainBroken(line=number, reason=Sentence("elle est coupée avant sa fin"))
        try:
            sealed = sealed_of(line[:-1])
        except NotAnEntry as error:
            raise ChainBroken(line=number, reason=error.reason) from error
        if sealed.entry.sequence != number:
            raise ChainBroken(line=number, reason=Sentence("son numéro d’ordre n’est pas celui qui était attendu"))
        if sealed.entry.previous != previous:
            raise ChainBroken(line=number, reason=Sentence("elle ne suit pas la ligne qui précède"))
        previous = sealed.digest
        yield sealed


def checked_stream(stream: BinaryIO) -> Iterator[Sealed]:
    """The entries of a chain file; ChainBroken. A line longer than any entry is not read to its end."""
    return checked_lines(iter(lambda: stream.readline(LONGEST_LINE + 2), b""))


def is_continuation(former: Iterable[Sealed], present: Iterable[Sealed]) -> ChainState:
    """Check that ``present`` begins with all that ``former`` holds; the state of ``present``. ChainsDiverge at the first difference."""
    state, others = ChainState(), iter(present)
    for earlier in former:
        later = next(others, None)
        if later is None or later.digest != earlier.digest:
            raise ChainsDiverge(line=earlier.entry.sequence)
        state = later.state
    for later in others:
        state = later.state
    return state
