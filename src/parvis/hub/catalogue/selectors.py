"""Reading the catalogue, always through somebody's eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import connection
from django.db.models import Expression, F, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext as _

from parvis.core.errors import Forbidden, NotFound
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import CONTRIBUTORS, Actor, organisations_open_to
from parvis.hub.catalogue.models import Attachment, CatalogueState, Dataset, DatasetAlias, Version
from parvis.hub.catalogue.reach import about_commune, listed_through, nearest_holder, nearness, placed_in, shown_through
from parvis.hub.catalogue.rules import Access, Status, may_know, may_see
from parvis.hub.sites.lens import Lens, current_lens
from parvis.hub.teams.models import Team
from parvis.hub.territories.models import Territory

ACCENTS = {
    **dict(zip("àâäçéèêëîïôöùûüÿ", "aaaceeeeiioouuuy", strict=True)),
    "œ": "oe",
    "æ": "ae",
}
"""The letters of French that a database may order after Z."""


class DataOnRequest(Forbidden):
    """The dataset is announced to all, but its data is open to some only."""

    code: ClassVar[str] = "data-on-request"
    sentence: ClassVar[str] = gettext_noop("Les données de « {title} » ne vous sont pas ouvertes.")
    advice: ClassVar[str] = gettext_noop("Demandez-les à {publisher}.")


STATUS_CHOICES, ACCESS_CHOICES = Dataset.STATUS, Dataset.ACCESS
"""States and kinds of access, with their words on screens."""


def _with_relations() -> QuerySet[Dataset]:
    # Without contours: the shapes of a thousand communes are heavier than all that is told of their datasets.
    return Dataset.objects.select_related("organisation", "organisation__territory", "current").prefetch_related(
        "territories", "allowed_organisations", "allowed_groups"
    )


def _whole() -> QuerySet[Dataset]:
    return Dataset.objects.select_related("organisation", "current").prefetch_related("territories", "attachments")


def every_published_dataset() -> QuerySet[Dataset]:
    """The published datasets with all that the catalogue tells of them, no matter who may see them: rights are asked when
    answering."""
    return _whole().filter(status=Status.PUBLISHED, current__isnull=False)


def published_keys() -> list[int]:
    """Their keys: as the portal that they came from listed them, then by titles."""
    rows = every_published_dataset().prefetch_related(None)
    return list(rows.order_by(*listed_order()).values_list("pk", flat=True))


def listed_order() -> tuple[Any, ...]:
    """By what a list is ordered of which no other order is asked."""
    return F("rank").asc(nulls_last=True), folded_title(), "pk"


def has_ranks() -> bool:
    """Whether some dataset came with the place that it had in a list."""
    return Dataset.objects.filter(rank__isnull=False, status=Status.PUBLISHED).exists()


def published_stamps() -> dict[int, int]:
    """The stamp of each, by its key: what is made of one is good for as long as its stamp is the same."""
    return dict(every_published_dataset().prefetch_related(None).order_by().values_list("pk", "stamp"))


def keys_stamped_after(stamp: int) -> list[int]:
    """The keys of the datasets that changed since that stamp, in any state."""
    return list(Dataset.objects.filter(stamp__gt=stamp).order_by().values_list("pk", flat=True))


def datasets_of_keys(keys: Iterable[int]) -> dict[int, Dataset]:
    """The datasets of these keys, in any state, with all that the catalogue tells of them."""
    return _whole().in_bulk(list(keys))


def datasets_told(dataset_ids: Iterable[str]) -> list[Dataset]:
    """The datasets presently called so, in any state, with their territories and documents; no facts of their versions. The rights
    are the caller's care."""
    return list(_whole().filter(dataset_id__in=list(dataset_ids)).defer("current__facts", "fields", "steps"))


def dataset_of_key(key: int) -> Dataset | None:
    """The dataset of a key of the database, whatever its state, for background work; None when it is no more."""
    return Dataset.objects.select_related("current", "organisation").filter(pk=key).first()


def datasets_visible_to(actor: Actor) -> QuerySet[Dataset]:
    """The published datasets the actor may see on public doors; the query form of ``rules.may_see``."""
    return _with_relations().filter(pk__in=_visible_keys(actor))


def datasets_announced_to(actor: Actor) -> QuerySet[Dataset]:
    """The same, and the published datasets announced to all; the query form of ``rules.may_know``.

    Anyone who shows them asks ``may_see`` for each before telling anything drawn from its rows.
    """
    announced = Q(_listed_here(), status=Status.PUBLISHED, current__isnull=False, announced=True)
    return _with_relations().filter(Q(pk__in=_visible_keys(actor)) | announced)


def announced_among(actor: Actor, keys: Iterable[int], *, columns: bool = False) -> list[Dataset]:
    """The same, of these keys, in no order; for cards, which show no territories, and columns only if told so.

    The right is asked of each: to ask the database for it would go through all datasets.
    """
    listed = Dataset.objects.filter(_listed_here(), pk__in=list(keys), status=Status.PUBLISHED, current__isnull=False)
    wide = () if columns else ("current__facts",)
    rows = list(listed.select_related("organisation__territory", "current").defer(*wide))
    closed = [row for row in rows if row.access != Access.PUBLIC]
    prefetch_related_objects(closed, "allowed_organisations", "allowed_groups")
    return [row for row in rows if may_know(actor, row.guarded)]


def _shown_here() -> Q:
    lens = current_lens()
    return Q() if lens is None else shown_through(lens)


def _listed_here() -> Q:
    lens = current_lens()
    return Q() if lens is None else listed_through(lens)


def datasets_about(actor: Actor, territory: Territory, lens: Lens | None = None) -> QuerySet[Dataset]:
    """Those the actor may see that declare the territory or, declaring none, are published by it, the latest first; through the lens of
    a commune, also its own and those that have a row about it, the nearest first."""
    datasets = datasets_visible_to(actor).prefetch_related(None)
    if lens is None:
        return datasets.filter(placed_in(f"{territory.kind}:{territory.code}")).order_by("-data_modified", "title")
    return datasets.filter(about_commune(lens)).order_by(*nearness(lens), "-data_modified", "title")


def datasets_around(actor: Actor, territory: Territory, parents: Sequence[Territory]) -> QuerySet[Dataset]:
    """Those about what the territory belongs to, its ``parents``, the nearest first."""
    holders = [f"{parent.kind}:{parent.code}" for parent in parents]
    datasets = (
        datasets_visible_to(actor).prefetch_related(None).filter(placed_in(*holders)).exclude(territories=territory)
    )
    return datasets.order_by(nearest_holder(holders), "-data_modified", "title")


def nearest_first(datasets: QuerySet[Dataset], *orders: str) -> QuerySet[Dataset]:
    """On the site of a commune, what is about it before what is about its surroundings; these orders then, and alone elsewhere."""
    lens = current_lens()
    return datasets.order_by(*orders) if lens is None else datasets.order_by(*nearness(lens), *orders)


def _visible_keys(actor: Actor) -> QuerySet:
    published = Dataset.objects.filter(_listed_here(), status=Status.PUBLISHED, current__isnull=False)
    if actor.everything:
        return published.values("pk")
    editable = organisations_open_to(actor, "edit")
    members = list(actor.roles)
    everybody = Q(all_organisations=True) if members else Q(pk__in=())
    return published.filter(
        Q(access=Access.PUBLIC)
        | Q(organisation__in=editable)
        | Q(access=Access.INTERNAL) & (Q(organisation__in=members) | Q(allowed_organisations__in=members) | everybody)
        | Q(access=Access.RESTRICTED) & Q(allowed_groups__in=list(actor.groups))
    ).values("pk")


def datasets_managed_by(actor: Actor) -> QuerySet[Dataset]:
    """The datasets, in any state, that the actor may edit: the back office's list."""
    if actor.everything:
        return _with_relations()
    editable = organisations_open_to(actor, "edit")
    return _with_relations().filter(organisation__in=editable)


def restricted_groups_within(person: Person, organisation: Organisation) -> dict[int, str]:
    """The groups of a person that open restricted datasets of the organisation, and none of another where they have a role."""
    opened = Dataset.objects.filter(allowed_groups__user=person)
    here = set(opened.filter(organisation=organisation).values_list("allowed_groups", flat=True))
    others = person.memberships.exclude(organisation=organisation).values("organisation")
    elsewhere = set(opened.filter(organisation__in=others).values_list("allowed_groups", flat=True))
    teams = Team.objects.values_list("writers", "publishers")
    spared = {key for pair in teams for key in pair}  # they follow the site, and the rank of contributor follows roles
    groups = person.groups.filter(pk__in=here - elsewhere - spared).exclude(name=CONTRIBUTORS)
    return {group.pk: _("Jeux restreints du groupe « %s »") % group.name for group in groups}


def folded_title() -> Lower:
    """The title in lower case without the accents of French, to order by in the database: É goes with E."""
    folded: Expression | F = F("title")
    for letter, plain in ACCENTS.items():
        folded = Replace(Replace(folded, Value(letter), Value(plain)), Value(letter.upper()), Value(plain))
    return Lower(folded)


def dataset(actor: Actor, dataset_id: str) -> Dataset:
    """The dataset of that identifier, in any state the actor may see; NotFound for the rest, as if it did not exist."""
    match = _sole(_with_relations().filter(dataset_id=dataset_id))
    if match is None or not may_see(actor, match.guarded):
        raise NotFound(name=dataset_id)
    return match


def _sole(rows: QuerySet[Dataset]) -> Dataset | None:
    """The only row there may be. Not ``first``: to order by any column, Django goes through all of them, a third of the question."""
    return next(iter(rows.order_by()[:1]), None)


def public_dataset(actor: Actor, dataset_id: str) -> Dataset:
    """The same for public doors, to be read: published, with a version.

    NotFound for what does not exist for the actor; DataOnRequest (Forbidden) for what they may know of and not read.
    """
    dataset = announced_dataset(actor, dataset_id)
    if not may_see(actor, dataset.guarded):
        raise DataOnRequest(title=dataset.title, publisher=dataset.organisation.name)
    return dataset


def announced_dataset(actor: Actor, dataset_id: str) -> Dataset:
    """A published dataset that exists for the actor, its rows readable or not (``may_see`` tells); NotFound otherwise."""
    # The right first, of few columns: what does not exist for the actor is not read whole.
    right = _sole(Dataset.objects.filter(dataset_id=dataset_id).only("status", "access", "announced", "organisation"))
    if right is None or not may_know(actor, right.guarded):
        raise NotFound(name=dataset_id)
    # Territories are read when they are told (``Dataset.places``): most doors tell none.
    dataset = _sole(_with_relations().prefetch_related(None).filter(_shown_here(), dataset_id=dataset_id))
    if dataset is not None and dataset.access in _NAMED:
        prefetch_related_objects([dataset], _NAMED[dataset.access])
    if dataset is None or not may_know(actor, dataset.guarded):
        raise NotFound(name=dataset_id)
    if dataset.status != Status.PUBLISHED or dataset.current is None:
        raise NotFound(name=dataset_id)
    return dataset


_NAMED = {Access.INTERNAL: "allowed_organisations", Access.RESTRICTED: "allowed_groups"}
"""Whom a kind of access names (``Dataset.guarded``)."""


def renamed(actor: Actor, dataset_id: str) -> str | None:
    """The present identifier of a dataset formerly called so, when it exists for the actor."""
    alias = DatasetAlias.objects.filter(former_id=dataset_id).first()
    if alias is None or not may_know(actor, alias.dataset.guarded):
        return None
    return alias.dataset.dataset_id


def dataset_called(dataset_id: str) -> Dataset | None:
    """The dataset of that identifier, present or former, no matter who asks: for background work, whose rights are the caller's care."""
    dataset = Dataset.objects.select_related("current", "organisation").filter(dataset_id=dataset_id).first()
    if dataset is None:
        alias = DatasetAlias.objects.select_related("dataset__current").filter(former_id=dataset_id).first()
        dataset = alias.dataset if alias else None
    return dataset


def titles_of(dataset_ids: Iterable[str]) -> dict[str, str]:
    """The titles of datasets that exist still, whoever may see them: for screens that already decided what is told."""
    return dict(Dataset.objects.filter(dataset_id__in=set(dataset_ids)).values_list("dataset_id", "title"))


def licences_of(organisation: Organisation) -> list[str]:
    """The licence of each published dataset of an organisation."""
    return list(
        Dataset.objects.filter(organisation=organisation, status=Status.PUBLISHED).values_list("licence", flat=True)
    )


def versions() -> QuerySet[Version]:
    """Every version of every dataset, in any state: for who looks after the instance."""
    return Version.objects.select_related("dataset")


def attachments_of(dataset: Dataset) -> QuerySet[Attachment]:
    """The documents of a dataset, held ones included: for who may edit it."""
    return Attachment.every.filter(dataset=dataset)


def attachment_at(dataset: Dataset, slug: str) -> Attachment:
    """One of them; NotFound when there is none."""
    attachment = attachments_of(dataset).filter(slug=slug).first()
    if attachment is None:
        raise NotFound(name=slug)
    return attachment


def versions_called(names: Iterable[str]) -> QuerySet[Version]:
    """The versions of these names, no matter who asks, with their datasets."""
    return Version.objects.select_related("dataset").filter(name__in=list(names))


def version(dataset: Dataset, name: str) -> Version:
    """A version of this dataset that was published once; NotFound when it has none so named."""
    return _version(published_versions(dataset), name)


def any_version(dataset: Dataset, name: str) -> Version:
    """A version of this dataset, published or not, for those who may edit it; NotFound when it has none so named."""
    return _version(dataset.versions.all(), name)


def published_versions(dataset: Dataset) -> QuerySet[Version]:
    """The versions that readers saw or see, latest first; all of a dataset that is not published, since editors alone see it."""
    if dataset.status != Status.PUBLISHED:
        return dataset.versions.all()
    return dataset.versions.filter(published__isnull=False)


def _version(versions: QuerySet[Version], name: str) -> Version:
    version = versions.filter(name=name).first()
    if version is None:
        raise NotFound(name=name)
    return version


_STAMP = f"SELECT stamp FROM {Dataset._meta.db_table} WHERE dataset_id = %s"
_REVISION = f"SELECT revision FROM {CatalogueState._meta.db_table} WHERE id = 1"


def catalogue_revision() -> int:
    """A mark that is another, and greater, after each change of what the catalogue shows: for what rests on all of it. What rests on
    some datasets goes by their stamps, so that a change of another leaves it as it is."""
    # Read at each public request: without the ORM, a fifth of the time.
    with connection.cursor() as cursor:
        cursor.execute(_REVISION)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def dataset_stamp(dataset_id: str) -> int | None:
    """The stamp of the dataset presently called so, in any state; None when there is none. Anyone who keeps an answer reads it before
    the rows: what is kept is then never older than its stamp says."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [dataset_id])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def stamps_of(dataset_ids: Iterable[str]) -> dict[str, tuple[str, int]]:
    """By identifier, present or former: what the dataset is called now, and its stamp. Those that do not exist are absent."""
    names = set(dataset_ids)
    if not names:
        return {}
    rows = Dataset.objects.filter(dataset_id__in=names).values_list("dataset_id", "stamp")
    stamps = {present: (present, stamp) for present, stamp in rows}
    if names - stamps.keys():
        aliases = DatasetAlias.objects.filter(former_id__in=names - stamps.keys())
        for former, present, stamp in aliases.values_list("former_id", "dataset__dataset_id", "dataset__stamp"):
            stamps[former] = (present, stamp)
    return stamps


CARD_FIELDS = [
    "title",
    "description",
    "contact_name",
    "contact_email",
    "themes",
    "keywords",
    "hvd",
    "hvd_refused",
    "licence",
    "frequency",
    "temporal_start",
    "temporal_end",
    "language",
    "source",
    "source_url",
    "ip_note",
    "personal_data",
    "inspire",
    "access",
    "closure",
    "closure_note",
    "featured",
    "fields",
    "overrides",
    "reading",
    "steps",
    "custom",
    "as_told",
    "translations",
]
"""The attributes of a dataset that people write and that a revision keeps."""


def card_of(dataset: Dataset) -> dict[str, Any]:
    """The card as JSON-able values, for revisions, checklists and differences."""
    card: dict[str, Any] = {name: getattr(dataset, name) for name in CARD_FIELDS}
    for name in ("temporal_start", "temporal_end"):
        card[name] = card[name].isoformat() if card[name] else None
    card["organisation"] = dataset.organisation.slug
    card["territories"] = sorted(f"{t.kind}:{t.code}" for t in dataset.places) if dataset.pk else []
    card["version"] = dataset.current.name if dataset.current else None
    return card
