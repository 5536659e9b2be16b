"""What the two sides of a finding say, tag by tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parvis.domains.osm.models import Finding


def compared_rows(finding: Finding) -> list[dict[str, Any]]:
    """Each tag that one of the two has and that is compared, or that the object has: what both say, and whether it differs."""
    here, there = (finding.side(name) or {} for name in ("ours", "theirs"))
    differing, theme = {row.tag for row in finding.differences}, finding.conflation.described
    cells = here.get("cells", {})
    column_of = {rule.tag: name for rule in theme.compared for name in rule.columns if name in cells}
    own, other = here.get("tags", {}), there.get("tags", {})
    names = sorted({*own, *other} - theme.tags.keys(), key=lambda name: (name not in differing, name not in own, name))
    return [
        {
            "tag": name,
            "column": column_of.get(name, ""),
            "ours": own.get(name, ""),
            "theirs": other.get(name, ""),
            "differs": name in differing,
        }
        for name in names[:60]
    ]
