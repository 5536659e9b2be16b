"""The words of what is sent, and what a card says of columns, in other languages and for INSPIRE."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from parvis.core.inspire.block import LARGEST_DISTANCE, LARGEST_SCALE
from parvis.core.inspire.vocabulary import DEGREE_BY_SLUG, LIMIT_BY_SLUG, ROLE_BY_SLUG, TOPIC_BY_SLUG, TYPE_BY_SLUG
from parvis.core.inspire.vocabulary import THEME_BY_SLUG as THEME_OF_INSPIRE
from parvis.hub.api.schemas import Documented, among


def _storable(text: str) -> str:
    """The text; a null character, which no database keeps, is refused."""
    if "\x00" in text:
        raise ValueError("null character")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Line = Annotated[Text, StringConstraints(max_length=500)]
Words = Annotated[Text, StringConstraints(max_length=100_000)]
Names = Annotated[list[Line], Field(max_length=100)]


class Question(BaseModel):
    """What is sent: these keys and no other, each of its own type."""

    model_config = ConfigDict(extra="forbid")


class FieldWords(Question):
    """What is said of one column."""

    label: Line | None = None
    description: Words | None = None
    unit: Line | None = None


class InspireWords(Question):
    """What INSPIRE wants said of a dataset; null takes back what was said."""

    scope: Annotated[bool, Documented(_("Si le jeu est dans le champ de la directive."))] | None = None
    themes: Annotated[Names, Documented(items={"enum": [*THEME_OF_INSPIRE]})] | None = None
    type: Annotated[Text, among(TYPE_BY_SLUG)] | None = None
    topics: Annotated[Names, Documented(items={"enum": [*TOPIC_BY_SLUG]})] | None = None
    code: Line | None = None
    namespace: Line | None = None
    lineage: Words | None = None
    scale: Annotated[int, Field(gt=0, le=LARGEST_SCALE), Documented(_("Le dénominateur de l’échelle."))] | None = None
    distance: Annotated[float, Field(gt=0, le=LARGEST_DISTANCE), Documented(_("La résolution, en mètres."))] | None = (
        None
    )
    crs: Annotated[Line, Documented(_("« EPSG:2154 »."))] | None = None
    encoding: Line | None = None
    conformity: Annotated[Text, among(DEGREE_BY_SLUG)] | None = None
    conformity_date: date | None = None
    limits: Annotated[Names, Documented(items={"enum": [*LIMIT_BY_SLUG]})] | None = None
    conditions: Words | None = None
    maintenance: Words | None = None
    party: Line | None = None
    party_role: Annotated[Text, among(ROLE_BY_SLUG)] | None = None
    party_email: Line | None = None
    metadata_contact: Line | None = None
    metadata_email: Line | None = None
    metadata_date: date | None = None


class ColumnTranslation(Question):
    """What one column is called in another language."""

    label: Annotated[Text, StringConstraints(max_length=200)] | None = None
    description: Annotated[Text, StringConstraints(max_length=2_000)] | None = None
    labels: Annotated[dict[str, Line], Field(max_length=200), Documented(_("Par valeur."))] | None = None


class CardTranslation(Question):
    """What the card says in another language."""

    title: Annotated[Text, StringConstraints(max_length=200)] | None = None
    description: Annotated[Text, StringConstraints(max_length=50_000)] | None = None
    keywords: Annotated[list[Line], Field(max_length=100)] | None = None
    fields: Annotated[dict[str, ColumnTranslation | None], Field(max_length=2000)] | None = None
