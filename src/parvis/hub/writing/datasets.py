"""``/datasets``: making them, their cards, publishing, withdrawing, deleting, access."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from ninja import Query

from parvis.core.card_translations import changed_by
from parvis.core.errors import NotFound
from parvis.core.hvd import CATEGORY_BY_SLUG
from parvis.core.inspire.block import BadInspire, judged
from parvis.core.metadata import THEME_BY_SLUG
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented, Offset
from parvis.hub.catalogue import services
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import any_version, card_of, datasets_managed_by
from parvis.hub.catalogue.services import CardChanged
from parvis.hub.catalogue.translating import update_card_in_languages
from parvis.hub.territories.selectors import referred_to
from parvis.hub.validation.selectors import followed
from parvis.hub.validation.services import follow, ref_from, stop_following
from parvis.hub.writing.router import ERRORS, IF_MATCH, DatasetId, dataset_for, given, refused, router, writer
from parvis.hub.writing.rules import BadCard, CardConflict
from parvis.hub.writing.schemas import (
    AccessChange,
    CardChange,
    DatasetCard,
    DatasetState,
    DatasetStates,
    FollowedSchema,
    NewDataset,
    NewIdentifier,
    Publication,
)

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import CardRevision, Dataset

_ETAG = re.compile(r'(?:W/)?"([0-9]{1,18})"')


@router.operation(
    "/datasets",
    "listOwnDatasets",
    _("Les jeux que la clé peut modifier."),
    DatasetStates,
    url_name="write_datasets",
    errors=(403,),
)
def list_datasets(
    request: ApiRequest,
    organisation: Annotated[str, Query(), Documented(_("Ceux d’une organisation."))] = "",
    status: Annotated[str, Query(), Documented(_("Ceux dans cet état."), enum=["", *Status])] = "",
    offset: Offset = 0,
) -> DatasetStates:
    """Those of its organisation, or those that it names, by title."""
    actor = writer(request)
    rows = datasets_managed_by(replace(actor, datasets=None)).prefetch_related(None)
    if actor.datasets is not None:
        rows = rows.filter(Q(dataset_id__in=actor.datasets) | Q(aliases__former_id__in=actor.datasets)).distinct()
    if organisation:
        rows = rows.filter(organisation__slug=organisation[:80])
    if status:
        rows = rows.filter(status=status[:12])
    return DatasetStates.page(rows.order_by("title", "pk"), state_of, offset)


@router.operation(
    "/datasets",
    "createDataset",
    _("Créer un jeu, en brouillon."),
    DatasetCard,
    url_name="write_datasets",
    method="POST",
    errors=ERRORS,
)
def create_dataset(request: ApiRequest, body: NewDataset) -> HttpResponse:
    """A draft of an organisation."""
    actor, values = writer(request), given(body)
    owner = organisation_at(values.pop("organisation"))
    dataset_id = values.pop("dataset_id", None) or services.free_dataset_id(body.title)
    try:
        card = card_values(None, values)
        if "translations" in card:
            card["translations"] = changed_by({}, card["translations"])
        dataset = services.create_dataset(actor, owner, dataset_id, card)
    except ValidationError as error:
        raise refused(error) from error
    return answer_of(dataset)


@router.operation(
    "/datasets/{dataset_id}",
    "getDatasetCard",
    _("La fiche d’un jeu, telle qu’on la modifie."),
    DatasetCard,
    url_name="write_dataset",
    errors=(403, 404),
)
def get_dataset(request: ApiRequest, dataset_id: DatasetId) -> HttpResponse:
    """With its ETag."""
    return answer_of(dataset_for(request, dataset_id)[1])


@router.operation(
    "/datasets/{dataset_id}",
    "updateDatasetCard",
    _("Changer la fiche d’un jeu, champ par champ."),
    DatasetCard,
    url_name="write_dataset",
    method="PATCH",
    errors=ERRORS,
    reads=IF_MATCH,
)
def update_dataset(request: ApiRequest, dataset_id: DatasetId, body: CardChange) -> HttpResponse:
    """What is left out stays; with If-Match, only if nobody changed the card since."""
    actor, dataset = dataset_for(request, dataset_id)
    values, if_match = given(body), request.headers.get("If-Match")
    if "organisation" in values:
        organisation_at(values["organisation"])
    try:
        update_card_in_languages(actor, dataset, card_values(dataset, values), based_on=_based_on(dataset, if_match))
    except CardChanged as error:
        raise _conflict(dataset, if_match) from error
    except ValidationError as error:
        raise refused(error) from error
    return answer_of(dataset)


@router.operation(
    "/datasets/{dataset_id}",
    "deleteDataset",
    _("Mettre un jeu à la corbeille."),
    DatasetCard,
    url_name="write_dataset",
    method="DELETE",
    errors=ERRORS,
    reads=IF_MATCH,
)
def delete_dataset(request: ApiRequest, dataset_id: DatasetId) -> HttpResponse:
    """It can be restored."""
    actor, dataset = _unchanged(request, dataset_id)
    return answer_of(services.delete(actor, dataset))


@router.operation(
    "/datasets/{dataset_id}/restore",
    "restoreDataset",
    _("Reprendre un jeu de la corbeille."),
    DatasetCard,
    url_name="write_dataset_restore",
    method="POST",
    errors=ERRORS,
)
def restore_dataset(request: ApiRequest, dataset_id: DatasetId) -> HttpResponse:
    """Off line, as it was; one that is not deleted stays as it is."""
    actor, dataset = dataset_for(request, dataset_id)
    return answer_of(services.restore(actor, dataset) if dataset.status == Status.DELETED else dataset)


@router.operation(
    "/datasets/{dataset_id}/publication",
    "publishDataset",
    _("Mettre un jeu en ligne, à une de ses versions."),
    DatasetCard,
    url_name="write_publication",
    method="PUT",
    errors=ERRORS,
    reads=IF_MATCH,
)
def publish_dataset(request: ApiRequest, dataset_id: DatasetId, body: Publication) -> HttpResponse:
    """At once, or an error that tells what is missing or holds it back."""
    actor, dataset = _unchanged(request, dataset_id)
    version = any_version(dataset, body.version) if body.version else None
    return answer_of(services.publish(actor, dataset, version))


@router.operation(
    "/datasets/{dataset_id}/publication",
    "withdrawDataset",
    _("Retirer un jeu du portail."),
    DatasetCard,
    url_name="write_publication",
    method="DELETE",
    errors=ERRORS,
    reads=IF_MATCH,
)
def withdraw_dataset(request: ApiRequest, dataset_id: DatasetId) -> HttpResponse:
    """Nothing is deleted; one that is not online stays as it is."""
    actor, dataset = _unchanged(request, dataset_id)
    return answer_of(services.unpublish(actor, dataset) if dataset.status == Status.PUBLISHED else dataset)


@router.operation(
    "/datasets/{dataset_id}/access",
    "setDatasetAccess",
    _("Dire à qui un jeu est ouvert."),
    DatasetCard,
    url_name="write_access",
    method="PUT",
    errors=ERRORS,
    reads=IF_MATCH,
)
def set_access(request: ApiRequest, dataset_id: DatasetId, body: AccessChange) -> HttpResponse:
    """To everybody, to organisations or to groups."""
    actor, dataset = _unchanged(request, dataset_id)
    organisations = [organisation_at(name) for name in body.organisations]
    groups = list(Group.objects.filter(name__in=body.groups))
    unknown = set(body.groups) - {group.name for group in groups}
    if unknown:
        raise NotFound(name=min(unknown))
    options = body.model_dump(include={"announced", "all_organisations", "closure", "closure_note"})
    return answer_of(services.set_access(actor, dataset, body.access, organisations, groups, **options))


@router.operation(
    "/datasets/{dataset_id}/identifier",
    "renameDataset",
    _("Donner un autre identifiant à un jeu ; l’ancien y mène toujours."),
    DatasetCard,
    url_name="write_identifier",
    method="PUT",
    errors=ERRORS,
    reads=IF_MATCH,
)
def rename_dataset(request: ApiRequest, dataset_id: DatasetId, body: NewIdentifier) -> HttpResponse:
    """The same one again changes nothing."""
    actor, dataset = _unchanged(request, dataset_id)
    if body.dataset_id != dataset.dataset_id:
        services.rename_dataset(actor, dataset, body.dataset_id)
    return answer_of(dataset)


@router.operation(
    "/datasets/{dataset_id}/schema",
    "followSchema",
    _("Dire quel schéma un jeu suit : chaque version est vérifiée."),
    DatasetCard,
    url_name="write_schema",
    method="PUT",
    errors=ERRORS,
    reads=IF_MATCH,
)
def follow_schema(request: ApiRequest, dataset_id: DatasetId, body: FollowedSchema) -> HttpResponse:
    """One of the catalogue, one at an address, or none."""
    actor, dataset = _unchanged(request, dataset_id)
    if body.schema_name:
        require(
            actor, "edit", dataset.organisation_id, f"choisir le schéma de « {dataset.title} »"
        )  # before it is fetched
        follow(actor, dataset, ref_from(body.schema_name))
    else:
        stop_following(actor, dataset)
    return answer_of(dataset)


def state_of(dataset: Dataset) -> DatasetState:
    """A dataset in a list."""
    return DatasetState(**_state(dataset))


def etag_of(dataset: Dataset) -> str:
    """The revision of its card, as a header."""
    return f'"{_latest(dataset)}"'


def _state(dataset: Dataset) -> dict[str, Any]:
    current = dataset.current
    return {
        "dataset_id": dataset.dataset_id,
        "title": dataset.title,
        "organisation": dataset.organisation.slug,
        "status": str(dataset.status),
        "access": str(dataset.access),
        "version": current.name if current else None,
        "rows": current.rows if current else None,
        "modified": dataset.modified.isoformat(),
        "url": canonical(dataset.get_absolute_url()),
    }


def answer_of(dataset: Dataset) -> HttpResponse:
    """The card as it is now, with its ETag."""
    dataset.refresh_from_db()
    card = card_of(dataset)
    shown = {name: card[name] for name in DatasetCard.model_fields if name in card}
    facts = DatasetCard(
        **{**shown, **_state(dataset)},
        revision=_latest(dataset),
        schema_name=row.ref.name if (row := followed(dataset)) is not None else None,
        announced=dataset.announced,
        all_organisations=dataset.all_organisations,
        allowed_organisations=[row.slug for row in dataset.allowed_organisations.all()],
        allowed_groups=[row.name for row in dataset.allowed_groups.all()],
    )
    response = HttpResponse(facts.model_dump_json(by_alias=True), content_type="application/json")
    response["ETag"] = f'"{facts.revision}"'
    return response


def _latest(dataset: Dataset) -> int:
    latest: CardRevision | None = dataset.revisions.first()
    return latest.pk if latest is not None else 0


def _not_in_list(reason: str, word: str, accepted: Iterable[str]) -> str:
    """Why a word is refused, and those that are taken."""
    return " ".join((reason % word, _t("Les mots reconnus : %s.") % ", ".join(accepted)))


def card_values(dataset: Dataset | None, values: dict[str, Any]) -> dict[str, Any]:
    """The values as a card has them; BadCard for a theme or a territory that does not exist, or nothing where there must be something."""
    fields, block = (dataset.fields, dataset.inspire) if dataset else ({}, {})
    for name in ("themes", "keywords", "hvd", "territories", "closure"):
        if name in values:
            values[name] = list(dict.fromkeys(word for word in values[name] or [] if word))
    for name in sorted(values.keys() & {"title", "licence", "frequency", "language", "organisation"}):
        if not values[name]:
            raise BadCard(name=name, reason=_t("Ce champ ne peut pas être vide."))
    unknown = [theme for theme in values.get("themes", []) if theme not in THEME_BY_SLUG]
    if unknown:
        raise BadCard(name="themes", reason=_not_in_list(_t("« %s » n’est pas un thème."), unknown[0], THEME_BY_SLUG))
    foreign = [slug for slug in values.get("hvd", []) if slug not in CATEGORY_BY_SLUG]
    if foreign:
        raise BadCard(
            name="hvd",
            reason=_not_in_list(_t("« %s » n’est pas une catégorie de forte valeur."), foreign[0], CATEGORY_BY_SLUG),
        )
    lost = [place for place in values.get("territories", []) if referred_to(place) is None]
    if lost:
        raise BadCard(name="territories", reason=_t("« %s » n’est pas un territoire.") % lost[0])
    if values.get("fields", ...) is None:
        del values["fields"]
    elif "fields" in values:
        values["fields"] = {**fields, **{name: _field(fields.get(name), row) for name, row in values["fields"].items()}}
    if "inspire" in values:
        values["inspire"] = _inspire(block, values["inspire"])
    if values.get("hvd_refused", ...) is None:
        values["hvd_refused"] = False
    if values.get("translations", ...) is None:
        del values["translations"]
    texts = (
        "closure_note",
        "description",
        "contact_name",
        "contact_email",
        "source",
        "source_url",
        "ip_note",
        "personal_data",
    )
    return {**values, **{name: values[name] or "" for name in texts if name in values}}


def _inspire(block: dict[str, Any], words: dict[str, Any] | None) -> dict[str, Any]:
    """The block with these names changed; null takes back one of them, or all that was said."""
    if words is None:
        return {}
    try:
        return judged({**block, **words})
    except BadInspire as error:
        raise BadCard(name=f"inspire.{error.details['name']}", reason=error.details["reason"]) from error


def _field(before: dict[str, Any] | None, words: dict[str, Any]) -> dict[str, Any]:
    """What is said of a column; null takes back what was."""
    return {name: value for name, value in {**(before or {}), **words}.items() if value is not None}


def _based_on(dataset: Dataset, if_match: str | None) -> int | None:
    """The revision that the caller had read; CardConflict for what is no revision of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise _conflict(dataset, if_match)
    return int(match[1])


def _unchanged(request: ApiRequest, dataset_id: str) -> tuple[Actor, Dataset]:
    """The dataset, when its card is the one that the caller had read."""
    actor, dataset = dataset_for(request, dataset_id)
    if_match = request.headers.get("If-Match")
    based_on = _based_on(dataset, if_match)
    if based_on is not None and based_on != _latest(dataset):
        raise _conflict(dataset, if_match)
    return actor, dataset


def _conflict(dataset: Dataset, if_match: str | None) -> CardConflict:
    """Who changed what since the revision that the caller had read."""
    match = _ETAG.fullmatch((if_match or "").strip())
    later = list(dataset.revisions.filter(pk__gt=int(match[1]) if match else 0).order_by("-pk")[:50])
    people = list(dict.fromkeys(row.actor for row in later))
    changed = sorted({name for row in later for name in row.changed})
    return CardConflict(
        title=dataset.title, changed=", ".join(changed) or "?", person=", ".join(people) or "?", etag=etag_of(dataset)
    )
