"""Headers on several rows: groups above, and what they are made of below, whether their cells are merged or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parvis.core.formats.headers import HeaderChoice, HeaderGroups, is_number

type Block = tuple[tuple[int, int], tuple[int, int]]
"""A merged range: row and column of its first and of its last cell, from 0; columns are those of the rows given."""

JOIN, DROP = "join", "drop"
MOST_ROWS = 4
HEADING_WORDS = 4
"""A group of so many words is a phrase, which heads a part of the form that was filled."""
LABEL_WORDS = 2
"""Labels of so many words each, on average, say enough without their group."""


def headers_of(
    rows: Sequence[Sequence[str]],
    choice: HeaderChoice,
    merged: Sequence[Block] = (),
    *,
    imposed: bool = False,
    groups: str | None = None,
) -> tuple[list[str], HeaderChoice]:
    """The header of each column, and the choice once rows of groups are known to belong to the header.

    Only cells merged across columns, yet not across the whole table, make groups. Without merged cells, a row of groups is
    known by what it mends: labels that come again below it, or blanks that the next row fills; a row of several texts just above
    is offered as one. ``rows`` have the same width. ``groups`` is what a person wants of them: ``join``, ``drop``, None as proposed.
    """
    if choice.header is None:
        return [f"Colonne {rank}" for rank in range(1, len(rows[0]) + 1)], choice
    first = last = choice.header
    while first - 1 in choice.preamble and _is_pair(rows, first - 1, merged):
        first -= 1
    while choice.second is None and last - first < MOST_ROWS - 1 and _is_pair(rows, last, merged):
        last += 1
    if first < last:
        whole, needed, lowest = [], [], []
        for row in range(first, last + 1):
            spread = [group for group in _groups(merged, row, len(rows[0])) if row < last and _has_labels(group, rows)]
            headings = [group for group in spread if _is_heading(group, rows, last)]
            whole.append(_spread_merged(rows[row], spread))
            needed.append(_without(whole[-1], headings))
            lowest.append(_without(whole[-1], spread))
        readings = (_joined(whole), _joined(needed), _joined(lowest))
        return _read(readings, _with_rows(choice, first, last), groups)
    if not imposed:
        above, labels = list(rows[first - 1]) if first else [], list(rows[first])
        if first - 1 in choice.preamble and _parts_labels(above, labels):
            names = _joined([_spread(above), labels])
            return _read((names, names, labels), _with_rows(choice, first - 1, first), groups)
        if choice.second is None and _fills_blanks(rows, first):
            below = list(rows[first + 1])
            names = _joined([_spread_over(labels, below), below])
            lowest_names = [own if own.strip() else group for group, own in zip(labels, below, strict=True)]
            return _read((names, names, lowest_names), _with_rows(choice, first, first + 1), groups)
        if first - 1 in choice.preamble and _may_be_groups(above, labels):
            joined = _joined([_spread(above), labels])
            return _read(
                (joined, labels, labels), _with_rows(choice, first - 1, first) if groups == JOIN else choice, groups
            )
    return list(rows[first]), choice


def _read(
    readings: tuple[list[str], list[str], list[str]], choice: HeaderChoice, groups: str | None
) -> tuple[list[str], HeaderChoice]:
    """The headers as wanted among (joined, proposed, dropped), and the choice with what was done."""
    joined, proposed, dropped = readings
    differing = [(whole, label) for whole, label in zip(joined, dropped, strict=True) if whole != label]
    if not differing:
        return proposed, choice
    names = {JOIN: joined, DROP: dropped}.get(groups or "", proposed)
    reading = JOIN if names == joined else DROP if names == dropped else "some"
    return names, replace(choice, groups=HeaderGroups(reading, *differing[0]))


def _may_be_groups(above: Sequence[str], labels: Sequence[str]) -> bool:
    """True for two texts or more, above named columns, fewer than they are: a title is one, facts about the table have a colon."""
    texts = [cell for cell in above if cell.strip()]
    named = [label for label in labels if label.strip()]
    return 1 < len(texts) < len(named) and all(map(_is_label, texts)) and not any(":" in text for text in texts)


def _with_rows(choice: HeaderChoice, first: int, last: int) -> HeaderChoice:
    return replace(choice, header=last, preamble=tuple(rank for rank in choice.preamble if rank < first))


def _is_pair(rows: Sequence[Sequence[str]], row: int, merged: Sequence[Block]) -> bool:
    """True when ``row`` holds groups over the labels of the next row: no other column is filled in both."""
    groups = [group for group in _groups(merged, row, len(rows[0])) if rows[row][group[0][1]].strip()]
    if not groups or row + 1 >= len(rows):
        return False
    grouped = {rank for group in groups if _has_labels(group, rows) for rank in _ranks(group)}
    below = _spread_merged(rows[row + 1], _groups(merged, row + 1, len(rows[0])))
    pairs = list(enumerate(zip(rows[row], below, strict=True)))
    both = any(upper and lower for rank, (upper, lower) in pairs if rank not in grouped)
    return bool(grouped) and not both and all(_is_label(lower) for rank, (_, lower) in pairs if rank in grouped)


def _ranks(group: Block) -> range:
    """The columns of a group."""
    return range(group[0][1], group[1][1] + 1)


def _has_labels(group: Block, rows: Sequence[Sequence[str]]) -> bool:
    """True unless the row below a group says nothing: it is then the name of its first column, which is set wider."""
    below = rows[group[0][0] + 1]
    return any(below[rank] for rank in _ranks(group) if rank < len(below))


def _is_heading(group: Block, rows: Sequence[Sequence[str]], last: int) -> bool:
    """True for a phrase above labels that say enough: « Informations relatives au bénéficiaire » over « Nom du bénéficiaire ».

    Joined, it would make as many names that begin alike and are cut before they differ. « 2020 » over « Femmes » is needed, as
    is a phrase over labels of one word, or that come again elsewhere in the row.
    """
    labels = [" ".join(cell.split()) for cell in rows[last]]
    own = [labels[rank] for rank in _ranks(group) if rank < len(labels)]
    phrase = rows[group[0][0]][group[0][1]].split()
    return (
        len(phrase) >= HEADING_WORDS
        and all(own)
        and all(labels.count(label) == 1 for label in own)
        and sum(len(label.split()) for label in own) >= LABEL_WORDS * len(own)
    )


def _without(cells: Sequence[str], headings: Sequence[Block]) -> list[str]:
    """The row without the text of these groups."""
    ranks = {rank for group in headings for rank in _ranks(group)}
    return ["" if rank in ranks else cell for rank, cell in enumerate(cells)]


def _is_label(cell: str) -> bool:
    """A word or a year, not a figure."""
    digits = cell.replace(".", "").replace("-", "")
    return bool(cell) and (not digits.isdigit() or len(cell) == 4)


def _groups(merged: Sequence[Block], row: int, width: int) -> list[Block]:
    return [
        block for block in merged if block[0][0] == row == block[1][0] and 0 < block[1][1] - block[0][1] < width - 1
    ]


def _spread_merged(cells: Sequence[str], groups: Sequence[Block]) -> list[str]:
    """The row with the text of each group over all its columns."""
    spread = list(cells)
    for first, last in groups:
        for rank in range(first[1], min(last[1] + 1, len(spread))):
            spread[rank] = cells[first[1]]
    return spread


def _spread(cells: Sequence[str]) -> list[str]:
    """The row with each text over the blanks on its right."""
    spread: list[str] = []
    for cell in cells:
        spread.append(cell if cell.strip() or not spread else spread[-1])
    return spread


def _spread_over(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The same, over the blanks alone that the row below fills."""
    pairs = zip(_spread(upper), upper, lower, strict=True)
    return [group if below.strip() else own for group, own, below in pairs]


def _joined(levels: Sequence[Sequence[str]]) -> list[str]:
    """Groups and label of each column."""
    return [
        " ".join(dict.fromkeys(part.strip() for part in parts if part.strip())) for parts in zip(*levels, strict=True)
    ]


def _parts_labels(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """True when labels come again in a row, and two texts or more above tell them apart."""
    labels = [label.strip() for label in lower if label.strip()]
    names = [name for name in _joined([_spread(upper), lower]) if name]
    groups = [cell for cell in upper if cell.strip()]
    if any(":" in cell for cell in groups):  # « Source : Insee » is said of the table
        return False
    return (
        len(groups) > 1
        and len(set(labels)) < len(labels)
        and len(set(names)) == len(names)
        and all(map(_is_label, groups))
    )


def _fills_blanks(rows: Sequence[Sequence[str]], row: int) -> bool:
    """True when the next row names the columns that a header leaves blank beside its groups, and those alone, above numbers."""
    if row + 2 >= len(rows):
        return False
    upper, lower = rows[row], rows[row + 1]
    blank = {rank for rank, cell in enumerate(upper) if not cell.strip()}
    named = {rank for rank, cell in enumerate(lower) if cell.strip()}
    starts = {rank for rank in range(len(upper)) if rank not in blank and rank + 1 in blank}
    if not blank or 0 in blank or not blank <= named <= blank | starts or len(named) == len(upper):
        return False
    names = _joined([_spread_over(upper, lower), lower])
    words = all(_is_label(lower[rank].strip()) and not is_number(lower[rank]) for rank in named)
    numbers = any(is_number(rows[row + 2][rank]) for rank in named)
    return words and numbers and len(set(names)) == len(names)
