"""``/datasets/…/recipe``: the steps between a source and its rows, read and written as TOML, tried, applied again; the history of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from parvis.core.errors import NotFound
from parvis.core.recipes import read_recipe, step_sentences, write_recipe
from parvis.core.recipes.lineage import recipe_of, with_recipe
from parvis.core.recipes.reading import LONGEST
from parvis.core.transforms import Step
from parvis.core.translation import SOURCE
from parvis.core.versions.misfits import MisfitPolicy
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Moment
from parvis.hub.api.schemas import Offset as PageOffset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import any_version
from parvis.hub.catalogue.services import restore_card
from parvis.hub.datastore.recipe_previews import preview_recipe
from parvis.hub.datastore.services import keep_steps, take_again
from parvis.hub.writing.conditions import entity_tag, require_unchanged
from parvis.hub.writing.datasets import answer_of
from parvis.hub.writing.reports import report_of
from parvis.hub.writing.router import ERRORS, IF_UNCHANGED, DatasetId, dataset_for, router
from parvis.hub.writing.schemas import DatasetCard, ImportReport, Question, Text
from parvis.hub.writing.versions import VersionName

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import CardRevision

MOST_TOLD = 200
"""Failures that a trial tells."""
_TOML = Annotated[Text, StringConstraints(max_length=LONGEST), Documented(_("Des étapes « [[step]] », en TOML."))]


class RecipeText(Question):
    """A recipe as it is written."""

    recipe: _TOML


class RecipeTrial(Question):
    """A recipe to try; that of the dataset when none is given."""

    recipe: _TOML | None = None


class RecipeState(Body):
    """The recipe of a dataset."""

    recipe: str
    steps: Annotated[list[str], Documented(_("Chaque étape en une phrase."))]


class RecipeFailure(Body):
    """A cell that a step could not do."""

    line: Count
    step: Count
    column: str
    value: str
    reason: str


class TriedRecipe(Body):
    """The first rows once the steps were done."""

    headers: list[str]
    rows: list[list[str]]
    failures: list[RecipeFailure]
    failed_step: Annotated[Count, Documented(_("Le rang de l’étape impossible ; 0 si toutes se font."))]
    error: str
    sample: Annotated[bool, Documented(_("L’essai porte sur les premières lignes seulement."))]


class VersionAgain(Question):
    """How the source of a version is imported again."""

    publish: bool = False
    policy: Annotated[str, StringConstraints(pattern="^(stop|text|null)$"), Documented(enum=[*MisfitPolicy])] = "stop"


class CardRevisionState(Body):
    """A revision of a card."""

    revision: Count
    created: Moment
    who: str
    changed: list[str]


class CardRevisionStates(Listing[CardRevisionState]):
    """One page of them, the latest first."""


@router.operation(
    "/datasets/{dataset_id}/recipe",
    "getRecipe",
    _("La recette d’un jeu : les étapes entre le fichier reçu et ses lignes."),
    RecipeState,
    url_name="write_recipe",
    errors=(403, 404),
)
def get_recipe(request: ApiRequest, dataset_id: DatasetId) -> HttpResponse:
    """As TOML, with its ETag; nothing for a dataset whose files are taken as they are."""
    return _answer(dataset_for(request, dataset_id)[1])


@router.operation(
    "/datasets/{dataset_id}/recipe",
    "putRecipe",
    _("Changer la recette d’un jeu ; elle sert dès le prochain fichier."),
    RecipeState,
    url_name="write_recipe",
    method="PUT",
    errors=(*ERRORS, 428),
    reads=IF_UNCHANGED,
)
def put_recipe(request: ApiRequest, dataset_id: DatasetId, body: RecipeText) -> HttpResponse:
    """In place of that which is there: If-Match says which. Corrections and treatments of personal data stay in any case."""
    recipe = read_recipe(body.recipe)
    with transaction.atomic():
        actor, dataset = dataset_for(request, dataset_id)
        dataset = Dataset.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=dataset.pk)
        require_unchanged(request, _tag(dataset), dataset.title, is_needed=bool(dataset.steps))
        keep_steps(actor, dataset, with_recipe(dataset.steps, recipe))
    return _answer(dataset)


@router.operation(
    "/datasets/{dataset_id}/recipe-preview",
    "tryRecipe",
    _("Essayer une recette sur le dernier fichier reçu, sans rien enregistrer."),
    TriedRecipe,
    url_name="write_recipe_preview",
    method="POST",
    errors=ERRORS,
    only_reads=True,
)
def try_recipe(request: ApiRequest, dataset_id: DatasetId, body: RecipeTrial) -> TriedRecipe:
    """The first rows, each failure, and the step that stops it if one does."""
    actor, dataset = dataset_for(request, dataset_id)
    steps = dataset.steps if body.recipe is None else with_recipe(dataset.steps, read_recipe(body.recipe))
    shown = preview_recipe(actor, dataset, [Step.from_dict(row) for row in steps], get_language() or SOURCE)
    return TriedRecipe(
        headers=[str(name) for name in shown.after.headers],
        rows=[[_cell(value) for value in row] for row in shown.after.cells],
        failures=[
            RecipeFailure(line=line, step=rank, column=_cell(column), value=_cell(value), reason=_cell(reason))
            for line, rank, column, value, reason in shown.failures[:MOST_TOLD]
        ],
        failed_step=shown.failed_step,
        error=shown.error,
        sample=shown.is_sample,
    )


@router.operation(
    "/datasets/{dataset_id}/versions/{version}/again",
    "importAgain",
    _("Reprendre le fichier d’une version selon la recette et la lecture d’à présent."),
    ImportReport,
    url_name="write_version_again",
    method="PUT",
    errors=(*ERRORS, 507),
)
def import_again(request: ApiRequest, dataset_id: DatasetId, version: VersionName, body: VersionAgain) -> ImportReport:
    """Nothing is sent anew; in the background."""
    actor, dataset = dataset_for(request, dataset_id)
    chosen = any_version(dataset, version)
    return report_of(take_again(actor, dataset, chosen, publish=body.publish, policy=body.policy))


@router.operation(
    "/datasets/{dataset_id}/revisions",
    "listCardRevisions",
    _("Qui a changé quoi à la fiche d’un jeu, le dernier changement d’abord."),
    CardRevisionStates,
    url_name="write_revisions",
    errors=(403, 404),
)
def list_revisions(request: ApiRequest, dataset_id: DatasetId, offset: PageOffset = 0) -> CardRevisionStates:
    """Each may be brought back."""
    _actor, dataset = dataset_for(request, dataset_id)
    return CardRevisionStates.page(dataset.revisions.all(), _revision, offset)


@router.operation(
    "/datasets/{dataset_id}/revisions/{int:revision}/restore",
    "restoreCardRevision",
    _("Rétablir la fiche telle qu’elle était à une révision."),
    DatasetCard,
    url_name="write_revision_restore",
    method="POST",
    errors=ERRORS,
)
def restore_revision(
    request: ApiRequest,
    dataset_id: DatasetId,
    revision: Annotated[int, Field(ge=1, le=2**62), Documented(_("Son numéro."))],
) -> HttpResponse:
    """Itself a change, which can be undone."""
    actor, dataset = dataset_for(request, dataset_id)
    row = dataset.revisions.filter(pk=revision).first()
    if row is None:
        raise NotFound(name=str(revision))
    return answer_of(restore_card(actor, dataset, row))


def _tag(dataset: Dataset) -> str:
    return entity_tag(dataset.steps)


def _answer(dataset: Dataset) -> HttpResponse:
    recipe = recipe_of(dataset.steps, dataset.title)
    text = write_recipe(recipe) if dataset.steps else ""
    facts = RecipeState(recipe=text, steps=step_sentences(recipe.steps, get_language() or SOURCE))
    response = HttpResponse(facts.model_dump_json(), content_type="application/json")
    response["ETag"] = _tag(dataset)
    return response


def _revision(row: CardRevision) -> CardRevisionState:
    return CardRevisionState(
        revision=row.pk, created=row.at.isoformat(), who=row.actor, changed=[str(name) for name in row.changed]
    )


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
