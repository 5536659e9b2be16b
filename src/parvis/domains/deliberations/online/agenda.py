"""The points of an agenda and the acts that came of them: paired when both are there, by number or by object."""

from __future__ import annotations

from parvis.core.text import fold
from parvis.domains.deliberations.models import Act, AgendaItem


def pair_with_agenda(session_id: int) -> None:
    """Give each point of a sitting that has no act the one online that has its number, else its very object; one point an act."""
    items = list(AgendaItem.objects.filter(session=session_id, act=None).order_by("sort_order", "pk"))
    if not items:
        return
    acts = list(Act.objects.filter(session=session_id, live=True, items=None).order_by("rank", "number", "pk"))
    for is_same in (_has_number, _has_object):
        for item in items:
            act = next((act for act in acts if item.act_id is None and is_same(item, act)), None)
            if act is not None:
                acts.remove(act)
                item.act = act
                AgendaItem.objects.filter(pk=item.pk).update(act=act)


def _has_number(item: AgendaItem, act: Act) -> bool:
    return bool(item.number) and fold(item.number) == fold(act.number)


def _has_object(item: AgendaItem, act: Act) -> bool:
    return fold(item.title).rstrip(" .") == fold(act.title).rstrip(" .")
