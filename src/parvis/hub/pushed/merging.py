"""Merging block by block: what both sides had, what the source says now, what the site made of it. Pure.

A content is ``{"facts": {name: value}, "body": [block]}``, a block ``{"type", "value", "id"}``. Parts are named by the block's id,
or ``fact:<name>``. What only one side changed is taken; where both did, the site's is kept and the part is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Content = dict[str, Any]
type Block = Mapping[str, Any]

FACT = "fact:"
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Merged:
    """What the page becomes, and the parts that both sides changed differently since they agreed."""

    content: Content
    conflicts: tuple[str, ...]


def merge(base: Content, source: Content, local: Content) -> Merged:
    """Three contents into one; merging again with ``base=source`` changes nothing."""
    facts, conflicts = _merge_facts(base["facts"], source["facts"], local["facts"])
    before, theirs, ours = parts(base), parts(source), parts(local)
    kept: dict[str, Block] = {}
    for key in dict.fromkeys([*theirs, *ours, *before]):
        block, is_conflict = _choose(before.get(key), theirs.get(key), ours.get(key))
        if block is not None:
            kept[key] = block
        if is_conflict:
            conflicts.append(key)
    order = _order(list(before), list(theirs), list(ours))
    return Merged({"facts": facts, "body": [dict(kept[key]) for key in order if key in kept]}, tuple(conflicts))


def parts(content: Content) -> dict[str, Block]:
    """The blocks of a content by id, in order."""
    return {str(block["id"]): block for block in content["body"]}


def part(content: Content, key: str) -> Any:
    """The value of a part: of a fact, or a whole block; None when it is not there."""
    if key.startswith(FACT):
        return content["facts"].get(key.removeprefix(FACT))
    return parts(content).get(key)


def _merge_facts(
    base: Mapping[str, Any], source: Mapping[str, Any], local: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    merged, conflicts = {}, []
    for name in source:
        theirs, ours, before = source[name], local.get(name), base.get(name)
        merged[name] = theirs if ours == before else ours
        if ours not in (before, theirs) and theirs != before:
            conflicts.append(FACT + name)
    return merged, conflicts


def _choose(before: Block | None, theirs: Block | None, ours: Block | None) -> tuple[Block | None, bool]:
    """The block to keep (None: none), and whether both sides changed it differently."""
    if _same(ours, before) or _same(ours, theirs):
        return theirs, False
    return ours, not _same(theirs, before)


def _same(one: Block | None, other: Block | None) -> bool:
    if one is None or other is None:
        return one is other
    return one["type"] == other["type"] and one["value"] == other["value"]


def _order(before: list[str], theirs: list[str], ours: list[str]) -> list[str]:
    """The site's order where it made one, else the source's; new blocks follow the one they followed where they come from."""
    moved_there = _common(theirs, before) != _common(before, theirs)
    moved_here = _common(ours, before) != _common(before, ours)
    first, second = (theirs, ours) if moved_there and not moved_here else (ours, theirs)
    order = list(first)
    for rank, key in enumerate(second):
        if key not in order:
            earlier = next((known for known in reversed(second[:rank]) if known in order), None)
            order.insert(order.index(earlier) + 1 if earlier is not None else 0, key)
    return order


def _common(order: Sequence[str], other: Sequence[str]) -> list[str]:
    known = set(other)
    return [key for key in order if key in known]


def differences(base: Content, local: Content) -> tuple[str, ...]:
    """The parts that the site changed, added, removed or moved."""
    facts = [FACT + name for name, value in base["facts"].items() if local["facts"].get(name) != value]
    before, ours = parts(base), parts(local)
    changed = [key for key in dict.fromkeys([*before, *ours]) if not _same(before.get(key), ours.get(key))]
    moved = _common(list(ours), list(before)) != _common(list(before), list(ours))
    return (*facts, *changed, *([ORDER] if moved else []))


def taken(base: Content, local: Content, key: str) -> Content:
    """The site's content with one part as the source says it (``base``)."""
    if key.startswith(FACT):
        name = key.removeprefix(FACT)
        return {**local, "facts": {**local["facts"], name: base["facts"].get(name)}}
    if key == ORDER:
        known = parts(local)
        order = _order(list(known), list(parts(base)), list(known))
        return {**local, "body": [dict(known[one]) for one in order if one in known]}
    theirs, ours = parts(base), parts(local)
    block = theirs.get(key)
    order = _order(list(theirs), list(theirs), list(ours))
    both = {**ours, **({key: block} if block is not None else {})}
    kept = [one for one in order if one in both and (one in ours or one == key) and not (one == key and block is None)]
    return {**local, "body": [dict(both[one]) for one in kept]}
