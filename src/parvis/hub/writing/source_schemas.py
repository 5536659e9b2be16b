"""What the operations about sources take and answer."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from parvis.core.metadata import LICENCES
from parvis.core.sources.dialects import DIALECTS
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Moment, Problem, among
from parvis.hub.harvesting.rules import Decision, Mode, Outcome, State
from parvis.hub.writing.schemas import Line, Question, Text

LongLine = Annotated[Text, StringConstraints(max_length=1000)]
Options = Annotated[dict[Line, LongLine], Field(max_length=50)]
Filters = Annotated[dict[Line, Annotated[list[Line], Field(max_length=200)]], Field(max_length=10)]
Mapping = Annotated[dict[Line, Annotated[dict[Line, Line], Field(max_length=500)]], Field(max_length=10)]
Access = Annotated[
    dict[Annotated[Text, StringConstraints(min_length=1, max_length=100)], Annotated[Text, Field(max_length=4_000)]],
    Field(max_length=10),
]


class SourceChange(Question):
    """What is changed of a source; what is left out stays as it is."""

    dialect: Annotated[Text, among(DIALECTS)] | None = None
    url: LongLine | None = None
    title: Annotated[Text, StringConstraints(max_length=200)] | None = None
    organisation: Annotated[Line, Documented(_("L’identifiant de l’organisation qui publie ici."))] | None = None
    mode: Annotated[Mode, among(Mode)] | None = None
    publish: Annotated[bool, Documented(_("Mettre en ligne ce qui peut l’être."))] | None = None
    schedule: (
        Annotated[
            Text,
            StringConstraints(max_length=100),
            Documented(_("« chaque nuit à 3 h », cinq champs de cron, ou vide.")),
        ]
        | None
    ) = None
    options: Annotated[Options, Documented(_("Les options de ce genre de source."))] | None = None
    filters: (
        Annotated[Filters, Documented(_("Ce qui est pris : territory, organisation, theme, tag, schema."))] | None
    ) = None
    mapping: (
        Annotated[Mapping, Documented(_("organisations, licences, themes : le mot de la source et le nôtre."))] | None
    ) = None
    default_licence: Annotated[Text, among(("", *(row.slug for row in LICENCES)))] | None = None
    gone_after: (
        Annotated[int, Field(ge=1, le=100), Documented(_("Lectures sans un jeu avant de le retirer."))] | None
    ) = None
    ignore_robots: bool | None = None
    active: bool | None = None
    access: (
        Annotated[
            Access,
            Documented(
                _("Ce qui ouvre la source : un en-tête et sa valeur, un mot de passe. Gardé chiffré, jamais rendu.")
            ),
        ]
        | None
    ) = None


class NewSource(SourceChange):
    """A source to add, or to try."""

    dialect: Annotated[Text, among(DIALECTS)]
    url: LongLine
    organisation: Line


class RunState(Body):
    """One reading of a source."""

    run: Count
    state: Annotated[str, among(State)]
    created: Moment
    started: Annotated[str | None, Documented(format="date-time")]
    finished: Annotated[str | None, Documented(format="date-time")]
    over: Annotated[bool, Documented(_("Plus rien ne se passera."))]
    whole: Annotated[bool, Documented(_("Elle a tout lu."))]
    suspicious: Annotated[bool, Documented(_("Il manque tant de jeux que rien n’a été compté comme absent."))]
    total: Annotated[Count | None, Documented(_("Ce que la source annonce."))]
    counts: Annotated[dict[str, int], Documented(_("Combien de jeux ont eu chaque issue."))]
    resumes: Annotated[str | None, Documented(_("Avant quand rien n’est demandé."), format="date-time")]
    error: Problem | None


class RunStates(Listing[RunState]):
    """One page of them, the latest first."""


class SourceState(Body):
    """A source; of what opens it, whether there is any."""

    source: Annotated[str, Documented(_("Son identifiant, tel qu’il est dans les adresses."))]
    title: str
    organisation: str
    dialect: str
    url: str
    options: dict[str, str]
    mode: Annotated[str, among(Mode)]
    publish: bool
    schedule: str
    schedule_text: Annotated[str, Documented(_("La même chose en mots."))]
    filters: dict[str, list[str]]
    mapping: dict[str, dict[str, str]]
    default_licence: str
    gone_after: Count
    ignore_robots: bool
    has_secrets: bool
    active: bool
    next_run: Annotated[str | None, Documented(format="date-time")]
    latest_run: RunState | None


class SourceStates(Listing[SourceState]):
    """One page of them."""


class PreviewedItem(Body):
    """A dataset of a source, and what would become of it."""

    identifier: str
    title: str
    publisher: str
    licence: str
    file: Annotated[str, Documented(_("Le fichier qui serait copié."))]
    reason: Annotated[str, Documented(_("Pourquoi il serait écarté, ou resterait en brouillon."))]


class SourcePreview(Body):
    """The first datasets of a source, without anything being saved."""

    items: list[PreviewedItem]
    refused: Annotated[Count, Documented(_("Ceux qui n’ont pas pu être lus."))]
    total: Annotated[Count | None, Documented(_("Ce que la source annonce."))]


class NewRun(Question):
    """A reading to begin."""

    complete: Annotated[bool, Documented(_("Tout relire, même ce que la source dit inchangé."))] = False


class RunItemState(Body):
    """What a reading did with one dataset of the source, and why."""

    identifier: str
    title: str
    outcome: Annotated[str, among(Outcome)]
    reasons: list[str]
    dataset_id: str | None


class RunItemStates(Listing[RunItemState]):
    """One page of them."""


class TwinState(Body):
    """A dataset of the source that seems to be here already."""

    item: Count
    identifier: str
    title: str
    dataset_id: Annotated[str, Documented(_("Celui d’ici."))]
    organisation: str


class TwinStates(Listing[TwinState]):
    """Those that wait for a decision."""


class TwinDecision(Question):
    """Whether they are the same."""

    decision: Annotated[
        str, StringConstraints(pattern="^(same|separate)$"), Documented(enum=[Decision.SAME, Decision.SEPARATE])
    ]
