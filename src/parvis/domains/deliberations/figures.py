"""Figures of the acts of the last twelve months, for the blocks of pages and for homes: of all organisations, or of one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.errors import NotFound
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.publication import VOTES
from parvis.domains.deliberations.votes import SPENT, UNANIMOUS, VOTED, stated_acts, uncorrected
from parvis.hub.accounts.selectors import organisations
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.pages.figures import Figure
from parvis.hub.records.selectors import published, stamp_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.formatting import NOTHING, day, number, percent, with_unit
from parvis.hub.ui.trail import Trail

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.territories.models import Territory

SPAN = timedelta(days=365)
type Counted = tuple[float | None, str, tuple[tuple[str, str], ...]]
"""The value, how it is written, and what it was counted from: labels and values."""


def _acts(acts: QuerySet[Act]) -> Counted:
    count = acts.count()
    return count, number(count), ()


def _unanimity(acts: QuerySet[Act]) -> Counted:
    counts = acts.aggregate(voted=Count("pk", filter=VOTED), unanimous=Count("pk", filter=UNANIMOUS))
    share = counts["unanimous"] / counts["voted"] if counts["voted"] else None
    facts = (
        (_("Actes dont le vote est connu"), number(counts["voted"])),
        (_("Adoptés à l’unanimité"), number(counts["unanimous"])),
    )
    return (None if share is None else share * 100), percent(share), facts


def _delay(acts: QuerySet[Act]) -> Counted:
    pairs = acts.exclude(first_published_at=None).values_list("date", "first_published_at")
    delays = [max((timezone.localdate(moment) - taken).days, 0) for taken, moment in pairs.iterator()]
    middle = median(delays) if delays else None
    text = NOTHING if middle is None else with_unit(number(middle), _("jours"))
    return middle, text, ((_("Actes comptés"), number(len(delays))),)


def _amounts(acts: QuerySet[Act]) -> Counted:
    spent = uncorrected(acts).filter(amounts__purpose__in=SPENT)
    counts = spent.aggregate(cents=Sum("amounts__cents"), acts=Count("pk", distinct=True))
    if counts["cents"] is None:
        return None, NOTHING, ()
    euros = counts["cents"] / 100
    return euros, with_unit(number(euros, 0), "€"), ((_("Actes qui disent un montant"), number(counts["acts"])),)


FIGURES: dict[str, tuple[Any, Callable[[QuerySet[Act]], Counted]]] = {
    "actes": (gettext_lazy("Actes mis en ligne"), _acts),
    "unanimite": (gettext_lazy("Part des votes à l’unanimité"), _unanimity),
    "delai": (gettext_lazy("Délai médian de mise en ligne"), _delay),
    "depenses": (gettext_lazy("Dépenses décidées"), _amounts),
}
"""Each by its key: its label, and how it is counted."""


def choices(actor: Actor) -> Iterable[tuple[str, str]]:
    """Each figure of all organisations, then of each one that has acts online."""
    yield from ((key, str(label)) for key, (label, _count) in FIGURES.items())
    bodies = organisations().filter(pk__in=published(Act).values("organisation"))
    yield from ((f"{key}:{body.slug}", f"{label} : {body}") for body in bodies for key, (label, _c) in FIGURES.items())


def resolve(actor: Actor, key: str) -> Figure:
    """A figure, through the lens of the site; NotFound for a key that is none."""
    name, _colon, slug = key.partition(":")
    if name not in FIGURES:
        raise NotFound(name=key)
    body = organisations().filter(slug=slug).first() if slug else None
    if slug and body is None:
        raise NotFound(name=key)
    label, count = FIGURES[name]
    today = timezone.localdate()
    value, text, facts = count(_concerned(today, body.pk if body is not None else None))
    since = (_("Période"), _("du %(first)s au %(last)s") % {"first": day(today - SPAN), "last": day(today)})
    table = datasets_visible_to(actor).filter(dataset_id=VOTES).first()
    return Figure(
        label=str(label),
        text=text,
        value=value,
        unit={"delai": _("jours"), "depenses": "€", "unanimite": "%"}.get(name, ""),
        note=" · ".join(filter(None, (body.name if body is not None else "", _("sur douze mois")))),
        trail=Trail(text, table.get_absolute_url(), (since, *facts)) if table is not None else None,
    )


def put_forward(
    actor: Actor, territory: Territory | None, keys: Sequence[str], most: int
) -> Iterable[tuple[str, Figure]]:
    """Those chosen for a home; none is put there unasked."""
    known_keys = {key for key, _title in choices(actor)} if keys else set()
    return [(key, resolve(actor, key)) for key in keys if key in known_keys]


def stamp() -> Hashable:
    """Another after each act on an act."""
    return stamp_of(Act)


def _concerned(today: date, organisation: int | None) -> QuerySet[Act]:
    """The acts of the last twelve months; on a commune's site, those that concern it."""
    acts, lens = stated_acts().filter(date__gt=today - SPAN, date__lte=today).order_by(), current_lens()
    if lens is not None:
        acts = acts.filter(territory__code__in=lens.codes)
    return acts if organisation is None else acts.filter(organisation=organisation)
