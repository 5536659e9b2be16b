"""Conditions on words whose texts are read once, however many words are looked for.

An engine computes each condition by itself: thirty words looked for in one column fold its texts thirty times, and hold thirty
copies of them in memory. Here what the conditions look at comes into a list of one element, and they into a lambda over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parvis.core.odsql import bound
from parvis.core.odsql.errors import TooComplex
from parvis.core.odsql.functions import TEXT_MAKING
from parvis.core.odsql.traversal import walk

MOST_WORDS = 300
"""Words looked for by the whole of a question, all its clauses together."""

MOST_NEAR = 50
"""Words looked for at some letters near: a pattern takes tens of milliseconds to be prepared."""

MOST_CALLS = 50
"""Texts made anew for each row (``lower``, ``upper``, dates written out) by the conditions of a question."""

FEW = 12
"""Words up to which conditions are left as they are: engines leave a row at the first word that is not there, and are five to fifteen
times quicker so on usual texts. Beyond, reading long texts once for each word is what would cost."""

ELEMENT = "__words"
"""Name of the element within the lambda; columns of a source never start with two underscores."""


@dataclass(slots=True)
class Shared:
    """Conditions over shared words, and the expressions (None: the whole row) whose words they are, by rank."""

    conditions: tuple[bound.Test, ...]
    expressions: list[bound.Bound | None] = field(default_factory=list)


def check_work(test: bound.Test) -> int:
    """How many words a condition looks for; TooComplex when these, or the texts it makes, are too many."""
    words = near = calls = 0
    for part in _leaves(test):
        if isinstance(part, bound.HasWord):
            words += 1
            near += part.word.part is bound.Part.NEAR
        calls += sum(_makes_text(node) for root in _expressions(part) for node in walk(root))
    for count, most in ((words, MOST_WORDS), (near, MOST_NEAR), (calls, MOST_CALLS)):
        if count > most:
            raise TooComplex(limit=most, clause="where")
    return words


def apart(test: bound.Test) -> tuple[list[bound.Test], Shared]:
    """The conditions that must all hold, those that look for no word apart: engines know how to ask these first."""
    plain: list[bound.Test] = []
    wordy: list[bound.Test] = []
    for condition in _all_of(test):
        looks = any(isinstance(part, bound.HasWord) for part in _leaves(condition))
        (wordy if looks else plain).append(condition)
    shared = Shared(())
    shared.conditions = tuple(_with_shared(condition, shared) for condition in wordy)
    return plain, shared


def _all_of(test: bound.Test) -> Iterator[bound.Test]:
    if isinstance(test, bound.Every):
        for condition in test.conditions:
            yield from _all_of(condition)
    else:
        yield test


def _leaves(test: bound.Test) -> Iterator[bound.Test]:
    if isinstance(test, (bound.Every, bound.Some)):
        for condition in test.conditions:
            yield from _leaves(condition)
    elif isinstance(test, bound.No):
        yield from _leaves(test.condition)
    else:
        yield test


def _expressions(test: bound.Test) -> Iterator[bound.Bound]:
    for name in ("expression", "left", "right", "cell", "value"):
        part = getattr(test, name, None)
        if part is not None:
            yield part


def _makes_text(node: bound.Bound) -> bool:
    if isinstance(node, bound.Result):
        return node.function.name in TEXT_MAKING
    return isinstance(node, (bound.Written, bound.AsText))


def _with_shared(test: bound.Test, shared: Shared) -> bound.Test:
    if isinstance(test, (bound.Every, bound.Some)):
        return replace(test, conditions=tuple(_with_shared(condition, shared) for condition in test.conditions))
    if isinstance(test, bound.No):
        return bound.No(_with_shared(test.condition, shared))
    if not isinstance(test, bound.HasWord):
        return test
    if test.expression not in shared.expressions:
        shared.expressions.append(test.expression)
    rank = shared.expressions.index(test.expression)
    return replace(test, expression=bound.SharedWords(rank))
