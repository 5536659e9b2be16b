"""« Ce qui a été décidé sur… »: a timeline of acts online by words, matter, organisation, commune, place and years, as a block of pages."""

from __future__ import annotations

import re
from math import cos, radians
from typing import TYPE_CHECKING, Any

from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from parvis.core.acts.nomenclature import matters
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.rules import STATED, amount_words
from parvis.domains.deliberations.selectors import published_acts
from parvis.hub.accounts.selectors import organisations
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks.choices import Choices, OfferedBlock
from parvis.hub.pages.blocks.data import DATA_GROUP, DataBlock, finer
from parvis.hub.records.selectors import matching, published, stamp_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.formatting import day
from parvis.hub.visitors.places import places_called

if TYPE_CHECKING:
    from parvis.hub.pages.paper.sheets import SheetMaker

MOST, USUAL = 60, 20
MOST_AMOUNTS = 3
REACHES = [(0.3, "300 m"), (1, "1 km"), (3, "3 km"), (10, "10 km")]
_KILOMETRES = 111.32
"""Of a degree of latitude."""
_POINT = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")


def offered_matters() -> Choices:
    """The matters of both levels."""
    return [(code, f"{code} {matter.label}") for code, matter in matters().items()]


def offered_organisations() -> Choices:
    """Those that have acts online."""
    return [(body.slug, body.name) for body in organisations().filter(pk__in=published(Act).values("organisation"))]


def offered_communes() -> Choices:
    """Those that acts online concern."""
    acts = published(Act).filter(territory__kind="commune").order_by("territory__name")
    return list(acts.values_list("territory__code", "territory__name").distinct())


class DecisionsBlock(DataBlock):
    """What was decided of a subject or of a place, in order of date, with what came of it."""

    kind = "decisions"

    title = blocks.CharBlock(
        label=gettext_lazy("Titre"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("« Ce qui a été décidé sur l’école »"),
    )
    words = blocks.CharBlock(
        label=gettext_lazy("Mots de l’objet"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Tous doivent y être."),
    )
    matter = OfferedBlock(label=gettext_lazy("Matière"), choices=offered_matters, required=False)
    organisation = OfferedBlock(label=gettext_lazy("Organisation"), choices=offered_organisations, required=False)
    commune = OfferedBlock(label=gettext_lazy("Commune"), choices=offered_communes, required=False)
    around = blocks.CharBlock(
        label=gettext_lazy("Autour de"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Une adresse, un lieu, ou « 48.629, 2.441 » (latitude, longitude)."),
    )
    reach = OfferedBlock(
        label=gettext_lazy("Jusqu’à"), choices=[(str(far), text) for far, text in REACHES], default="0.3"
    )
    first_year = blocks.IntegerBlock(label=gettext_lazy("De l’année"), required=False, min_value=1900, max_value=2200)
    last_year = blocks.IntegerBlock(label=gettext_lazy("À l’année"), required=False, min_value=1900, max_value=2200)
    limit = blocks.IntegerBlock(
        label=gettext_lazy("Nombre au plus"), required=False, min_value=1, max_value=MOST, default=USUAL
    )
    point = blocks.CharBlock(
        label=gettext_lazy("Position"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Trouvée par l’adresse ci-dessus quand la page est enregistrée."),
    )

    class Meta:
        label = gettext_lazy("Ce qui a été décidé")
        icon = "list-ol"
        group = DATA_GROUP
        template = "parvis/pages/blocks/decisions.html"
        description = gettext_lazy(
            "Les actes d’un sujet ou d’un lieu, dans l’ordre, avec leurs montants et leurs suites"
        )
        form_layout = blocks.BlockGroup(
            [
                "title",
                "words",
                "matter",
                "organisation",
                "commune",
                finer("first_year", "last_year", "around", "reach", "point", "limit"),
            ]
        )

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The acts, the oldest of the latest ones first."""
        acts = self._acts(value).prefetch_related("amounts")[: value.get("limit") or USUAL]
        return Plan(state=list(acts)[::-1])

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """A moment an act."""
        moments = [(act, _amounts(act)) for act in plan.state]
        heads = (_("date"), _("objet"), _("issue"), _("montant"), _("suites"), _("adresse"))
        rows = [
            (
                act.date.isoformat(),
                act.title,
                act.get_outcome_display(),
                amounts,
                act.get_execution_display() if act.execution else "",
                act.get_absolute_url(),
            )
            for act, amounts in moments
        ]
        sentence = " ; ".join(f"{day(act.date)} : {act.title}" for act, _amount in moments)
        title = value.get("title") or _("Ce qui a été décidé")
        return Shown(title, {"moments": moments}, Cells(heads, rows), sentence=sentence)

    def stamp(self, value: Any, reader: Reader) -> str | None:
        """Acts on acts change it, and nothing else."""
        return str(stamp_of(Act))

    def cited_datasets(self, value: Any) -> tuple[str, ...]:
        """None: it rests on the acts alone."""
        return ()

    def faults(self, value: Any) -> dict[str, str]:
        """Years in their order, an address that is found."""
        faults = {}
        first, last = value.get("first_year"), value.get("last_year")
        if first and last and first > last:
            faults["last_year"] = _("Cette année est avant la première.")
        if value.get("around") and _place(self.writer(), value["around"]) is None:
            faults["around"] = _(
                "Cette adresse n’est pas trouvée : écrivez-la autrement, ou donnez latitude et longitude."
            )
        return faults

    def clean(self, value: Any) -> Any:
        """The value, the place of its address beside it."""
        cleaned = super().clean(value)
        place = _place(self.writer(), cleaned["around"]) if cleaned.get("around") else None
        cleaned["point"] = f"{place[0]},{place[1]}" if place is not None else ""
        return cleaned

    def _acts(self, value: Any) -> QuerySet[Act]:
        acts = published_acts().filter(kind__in=STATED, date__isnull=False)
        lens = current_lens()
        if lens is not None:
            acts = acts.filter(territory__code__in=lens.codes)
        for name, column in (("organisation", "organisation__slug"), ("commune", "territory__code")):
            acts = acts.filter(**{column: value[name]}) if value.get(name) else acts
        if value.get("matter"):
            acts = acts.filter(Q(matter=value["matter"]) | Q(matter__startswith=f"{value['matter']}."))
        if value.get("first_year"):
            acts = acts.filter(date__year__gte=value["first_year"])
        if value.get("last_year"):
            acts = acts.filter(date__year__lte=value["last_year"])
        point = _POINT.match(value.get("point") or "")
        if point is not None:
            acts = near(acts, float(point[1]), float(point[2]), float(value.get("reach") or REACHES[0][0]))
        return matching(acts, value["words"]) if (value.get("words") or "").strip() else acts


def near(acts: QuerySet[Act], latitude: float, longitude: float, kilometres: float) -> QuerySet[Act]:
    """The acts whose place is within some kilometres of a point, on a map that is flat so far."""
    reach, shrink = kilometres / _KILOMETRES, max(cos(radians(latitude)), 0.01)
    east, north = F("longitude") - longitude, F("latitude") - latitude
    square = ExpressionWrapper(north * north + east * east * shrink**2, output_field=FloatField())
    box = {
        "latitude__range": (latitude - reach, latitude + reach),
        "longitude__range": (longitude - reach / shrink, longitude + reach / shrink),
    }
    return acts.filter(**box).alias(square=square).filter(square__lte=reach**2)


def decision_nodes(maker: SheetMaker, child: Any, shown: Shown) -> list[dict[str, Any]]:
    """The moments on paper: date, object with its address, what came of it."""
    nodes: list[dict[str, Any]] = [{"kind": "heading", "level": 2, "text": shown.title}]
    for act, amounts in shown.facts["moments"]:
        facts = [act.get_outcome_display(), amounts, act.get_execution_display() if act.execution else ""]
        text = "".join(f", {part}" for part in facts if part)
        runs = [
            {"text": f"{day(act.date)} : ", "bold": True},
            {"text": act.title, "href": maker.base + act.get_absolute_url()},
            {"text": text},
        ]
        nodes.append({"kind": "paragraph", "runs": runs})
    return nodes


def _amounts(act: Act) -> str:
    amounts = [f"{amount_words(row.cents)} ({row.get_purpose_display()})" for row in act.amounts.all()]
    return ", ".join(amounts[:MOST_AMOUNTS]) + ("…" if len(amounts) > MOST_AMOUNTS else "")


def _place(writer: Reader, text: str) -> tuple[float, float] | None:
    """Latitude and longitude of what an editor wrote."""
    point = _POINT.match(text)
    if point is not None:
        latitude, longitude = float(point[1]), float(point[2])
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
    places = places_called(writer.actor, text)
    return (places[0]["latitude"], places[0]["longitude"]) if places else None
