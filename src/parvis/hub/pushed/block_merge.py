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
    before, source_blocks, local_blocks = parts(base), parts(source), parts(local)
    merged: dict[str, Block] = {}
    for key in dict.fromkeys([*source_blocks, *local_blocks, *before]):
        block, is_conflict = _choose(before.get(key), source_blocks.get(key), local_blocks.get(key))
        if block is not None:
            merged[key] = block
        if is_conflict:
            conflicts.append(key)
    order = _order(list(before), list(source_blocks), list(local_blocks))
    return Merged({"facts": facts, "body": [dict(merged[key]) for key in order if key in merged]}, tuple(conflicts))


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
        source_value, local_value, before = source[name], local.get(name), base.get(name)
        merged[name] = source_value if local_value == before else local_value
        if local_value not in (before, source_value) and source_value != before:
            conflicts.append(FACT + name)
    return merged, conflicts


def _choose(before: Block | None, source: Block | None, local: Block | None) -> tuple[Block | None, bool]:
    """The block to keep (None: none), and whether both sides changed it differently."""
    if _same(local, before) or _same(local, source):
        return source, False
    return local, not _same(source, before)


def _same(block: Block | None, other: Block | None) -> bool:
    if block is None or other is None:
        return block is other
    return block["type"] == other["type"] and block["value"] == other["value"]


def _order(before: list[str], source: list[str], local: list[str]) -> list[str]:
    """The site's order where it made one, else the source's; new blocks follow the one they followed where they come from."""
    moved_there = _common(source, before) != _common(before, source)
    moved_here = _common(local, before) != _common(before, local)
    first, second = (source, local) if moved_there and not moved_here else (local, source)
    order = list(first)
    for rank, key in enumerate(second):
        if key not in order:
            earlier = next((known for known in reversed(second[:rank]) if known in order), None)
            order.insert(order.index(earlier) + 1 if earlier is not None else 0, key)
    return order


def _common(order: Sequence[str], other: Sequence[str]) -> list[str]:
    other_keys = set(other)
    return [key for key in order if key in other_keys]


def differences(base: Content, local: Content) -> tuple[str, ...]:
    """The parts that the site changed, added, removed or moved."""
    facts = [FACT + name for name, value in base["facts"].items() if local["facts"].get(name) != value]
    before, local_blocks = parts(base), parts(local)
    changed = [
        key for key in dict.fromkeys([*before, *local_blocks]) if not _same(before.get(key), local_blocks.get(key))
    ]
    moved = _common(list(local_blocks), list(before)) != _common(list(before), list(local_blocks))
    return (*facts, *changed, *([ORDER] if moved else []))


def taken(base: Content, local: Content, key: str) -> Content:
    """The site's content with one part as the source says it (``base``)."""
    if key.startswith(FACT):
        name = key.removeprefix(FACT)
        return {**local, "facts": {**local["facts"], name: base["facts"].get(name)}}
    if key == ORDER:
        blocks = parts(local)
        order = _order(list(blocks), list(parts(base)), list(blocks))
        return {**local, "body": [dict(blocks[block_key]) for block_key in order if block_key in blocks]}
    source_blocks, local_blocks = parts(base), parts(local)
    block = source_blocks.get(key)
    order = _order(list(source_blocks), list(source_blocks), list(local_blocks))
    both = {**local_blocks, **({key: block} if block is not None else {})}
    keys = [
        block_key
        for block_key in order
        if block_key in both
        and (block_key in local_blocks or block_key == key)
        and not (block_key == key and block is None)
    ]
    return {**local, "body": [dict(both[block_key]) for block_key in keys]}
