"""Where the records are in an XML text: its elements counted path by path, then the repeating one whose rows say most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parvis.core.formats.refusals import NoSuchPart, NoTable

_LIST_WORDS = re.compile(r"^(list|liste)(e?of|de|des)?(?=.)|(list|liste)$")
_PLURALS = str.maketrans({"s": "", "x": "", "y": "ie", "_": "", "-": ""})
_ROWS = {"item", "entry", "record", "row", "ligne", "enregistrement", "member", "featuremember"}
"""What rows are called, be there but one."""
FAR_MORE = 2
SHOWN = 20
"""Paths that a note lists at most."""


@dataclass(slots=True, eq=False)
class Element:
    """The elements of one path: how many there are, how many ``most`` in one parent, the longest text, and what they hold.

    ``name`` has its prefix; ``attributes`` gives the longest value of each, by its name in columns.
    """

    name: str
    parent: Element | None = None
    children: dict[str, Element] = field(default_factory=dict)
    attributes: dict[str, int] = field(default_factory=dict)
    count: int = 0
    most: int = 0
    longest: int = 0
    run: int = 0
    run_of: int = 0

    def meet(self) -> None:
        """One more, in the parent that is open."""
        serial = self.parent.count if self.parent else 0
        self.run = self.run + 1 if self.run_of == serial else 1
        self.run_of = serial
        self.count += 1
        self.most = max(self.most, self.run)

    @property
    def label(self) -> str:
        """The name without its prefix, unless another element beside it has the same."""
        _, prefixed, local = self.name.rpartition(":")
        twins = self.parent.children if prefixed and self.parent else ()
        return self.name if sum(local_name(twin) == local for twin in twins) > 1 else local

    @property
    def is_text(self) -> bool:
        """True when all it holds is one text, be it written over elements of its own (bold, links) or in one attribute."""
        return not self.children or self.longest > 0

    @property
    def repeats(self) -> bool:
        """True for one of a list: several in one parent, called a row, or alone in a parent that bears its plural and nothing else."""
        return (
            self.most > 1
            or self.is_row
            or (
                self.parent is not None
                and self.parent.holds_a_list
                and _names_list(local_name(self.parent.name), local_name(self.name))
            )
        )

    @property
    def is_row(self) -> bool:
        """True when it is called as rows are, in the one element that holds them all."""
        return self.parent is not None and self.parent.count == 1 and local_name(self.name).lower() in _ROWS

    @property
    def holds_a_list(self) -> bool:
        """True when elements of one name are all it has."""
        return len(self.children) == 1 and not self.attributes and not self.longest

    @property
    def width(self) -> int:
        """The columns that its rows have: one a text, an attribute, a list."""
        own = len(self.attributes)
        if self.is_text:
            return max(1, own + (self.longest > 0))
        return own + sum(1 if child.repeats else child.width for child in self.children.values())

    @property
    def path(self) -> tuple[Element, ...]:
        """From the root to itself."""
        return (*(self.parent.path if self.parent else ()), self)

    @property
    def dotted(self) -> str:
        """Its path, as ``json_path`` writes it."""
        return ".".join(element.label for element in self.path)

    @property
    def extent(self) -> int:
        """Cells of the table that it would make."""
        return self.count * self.width

    def lists(self) -> Iterator[Element]:
        """The nearest elements below that repeat and are more than a text."""
        if self.is_text and self.children:
            return
        for child in self.children.values():
            if not child.repeats:
                yield from child.lists()
            elif child.width > 1 or any(child.lists()):
                yield child

    def deepest(self) -> Element:
        """Itself, or the list below when it has but one and that one says far more: its own cells go with each row then."""
        inner = list(self.lists())
        if len(inner) != 1:
            return self
        below = inner[0].deepest()
        return below if below.extent > FAR_MORE * self.extent else self

    def inner(self) -> Element:
        """Itself, or the element that is all it holds."""
        if len(self.children) == 1 and not self.attributes and not self.longest:
            only = next(iter(self.children.values()))
            if only.children and not only.repeats:
                return only.inner()
        return self


def local_name(name: str) -> str:
    """``name`` without its prefix."""
    return name.rpartition(":")[2]


def _names_list(container: str, item: str) -> bool:
    plain = [_LIST_WORDS.sub("", name.lower()).translate(_PLURALS) for name in (container, item)]
    return plain[0] == plain[1] and len(container) > len(item)


@dataclass(frozen=True, slots=True)
class Records:
    """The element whose instances are rows, those around it whose own cells go with each row, and the other lists."""

    element: Element
    around: tuple[Element, ...]
    others: tuple[Element, ...]


def find_records(root: Element, path: str | None, name: str, room: int) -> Records:
    """The records of the text, at ``path`` when it is given; cells of elements around them only where they weigh less than ``room``.

    Among lists, the one that makes the largest table; the whole text when its one row says far more than all of them. NoTable when there is no table
    to be made, NoSuchPart when ``path`` leads nowhere.
    """
    lists = sorted((element.deepest() for element in root.lists()), key=lambda element: -element.extent)
    if path:
        element = _at(root, path, name)
    else:
        large = bool(lists) and (lists[0].is_row or FAR_MORE * lists[0].extent >= root.width)
        element = lists[0] if large else root
        element = element.inner()
    if element.width < 2:  # one column is no table
        raise NoTable(file=name)
    taken = set(element.path)
    others = tuple(other for other in lists if other not in taken and element not in other.path)
    return Records(element, _around(element, room), others)


def _at(root: Element, path: str, name: str) -> Element:
    element = root
    steps = path.split(".")
    for step in steps[1:] if steps[0] == root.label else steps:
        children = {child.label: child for child in element.children.values()}
        if step not in children:
            raise NoSuchPart(file=name, part=path, listing=", ".join(list(children)[:SHOWN]))
        element = children[step]
    return element


def _around(record: Element, room: int) -> tuple[Element, ...]:
    """The elements above the records, root apart, once there are lists of lists; none when their cells would weigh too much."""
    above = record.path[1:-1]
    if not any(element.repeats for element in above):
        return ()
    weight = record.count * sum(_own_weight(element, set(record.path)) for element in above)
    return above if weight <= room else ()


def _own_weight(element: Element, taken: set[Element]) -> int:
    """The longest that its own cells can be."""
    return (
        sum(element.attributes.values())
        + element.longest
        + sum(
            _own_weight(child, taken) for child in element.children.values() if child not in taken and not child.repeats
        )
    )
