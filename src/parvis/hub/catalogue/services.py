"""Changing the catalogue: right, act, journal, in that order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched, count
from typing import Any, ClassVar

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from parvis.core.columns import LABELS
from parvis.core.errors import RequestError
from parvis.core.identifiers import check_dataset_id, dataset_id_from
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.judging import JUDGES, cleaned, judged_closures
from parvis.hub.catalogue.languages import written_translations
from parvis.hub.catalogue.limits import datasets_of, require_room_to_receive
from parvis.hub.catalogue.models import CardRevision, CatalogueState, Dataset, DatasetAlias, Version
from parvis.hub.catalogue.publication_checks import require_open_gates
from parvis.hub.catalogue.rules import Access, Status, missing_requirements
from parvis.hub.catalogue.selectors import CARD_FIELDS, card_of
from parvis.hub.catalogue.signals import dataset_opened, dataset_published, dataset_withdrawn, datasets_stamped
from parvis.hub.quotas.limits import require_room
from parvis.hub.territories.models import Territory

_TOLD_IN_WORDS = frozenset(
    {"title", "description", "contact_name", "contact_email", "keywords", "source", "source_url", "ip_note"}
    | {"personal_data", "fields", "custom", "as_told", "inspire", "closure_note", "translations"}
)
_ASKED_AGAIN = _TOLD_IN_WORDS | {"access"}
"""What the card says in free words, and to whom it is open: the gates are asked again when one of these changes."""


LONGEST_FORMER_ID = 100


class IdentifierTaken(RequestError):
    """Another dataset has, or once had, this identifier."""

    code: ClassVar[str] = "dataset-id-taken"
    sentence: ClassVar[str] = gettext_noop("L’identifiant « {id} » est déjà pris.")
    advice: ClassVar[str] = gettext_noop("Choisissez-en un autre ; un identifiant sert d’adresse pour toujours.")


class CardChanged(RequestError):
    """Somebody else changed the card since it was read."""

    code: ClassVar[str] = "card-changed"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » a été modifié entre-temps par {person}. Rien n’a été enregistré."
    )
    advice: ClassVar[str] = gettext_noop("Relisez la fiche à jour, puis reportez vos changements.")


class NotPublishable(RequestError):
    """Something required before publication is missing."""

    code: ClassVar[str] = "dataset-incomplete"
    sentence: ClassVar[str] = gettext_noop("« {title} » ne peut pas encore être publié. Il manque : {missing}.")


def free_dataset_id(title: str) -> str:
    """An identifier made of a title; with a number when another dataset has, or once had, it."""
    identifier = dataset_id_from(title)
    if not _is_taken(identifier):
        return identifier
    return next(numbered for rank in count(2) if not _is_taken(numbered := f"{identifier}-{rank}"))


def create_dataset(
    actor: Actor, organisation: Organisation, dataset_id: str, card: Mapping[str, Any], *, uid: str = ""
) -> Dataset:
    """A new draft; ``card`` gives at least ``title``. BadDatasetId or IdentifierTaken for an identifier that will not do.

    ``uid`` is the internal identifier it had elsewhere (``sidecar.uid_in``), kept when no other dataset has it.
    """
    require(actor, "edit", organisation.pk, "créer un jeu de données")
    check_dataset_id(dataset_id)
    if _is_taken(dataset_id):
        raise IdentifierTaken(id=dataset_id)
    with transaction.atomic():
        require_room(organisation.pk, "datasets", 1, lambda: datasets_of(organisation.pk))
        dataset = Dataset(dataset_id=dataset_id, organisation=organisation)
        if uid and not Dataset.objects.filter(uid=uid).exists():
            dataset.uid = uid
        _write_card(dataset, card)
        _keep_revision(actor, dataset, sorted(card))
        _journal(actor, "dataset.create", dataset)
    return dataset


def update_card(actor: Actor, dataset: Dataset, card: Mapping[str, Any], *, based_on: int | None = None) -> Dataset:
    """Change some attributes of the card (keys of CARD_FIELDS, ``organisation`` slug, ``territories`` list).

    ``based_on`` is the key of the latest revision that the person had read: CardChanged when there is a later one.
    """
    require(actor, "edit", dataset.organisation_id, f"modifier « {dataset.title} »")
    with transaction.atomic():
        _take(dataset)
        if dataset.status == Status.PUBLISHED and card.get("access", dataset.access) != dataset.access:
            require(actor, "publish", dataset.organisation_id, f"changer l’accès à « {dataset.title} »")
        before = card_of(dataset)
        _check_still_latest(dataset, based_on)
        if "organisation" in card:
            target = Organisation.objects.get(slug=card["organisation"])
            require(actor, "edit", target.pk, "confier le jeu à cette organisation")
            require_room_to_receive(target.pk, dataset)
            dataset.organisation = target
        _write_card(dataset, card)
        if _ASKED_AGAIN & set(card):
            _require_open_gates(dataset)
        after = card_of(dataset)
        changed = sorted(name for name in after if after[name] != before[name])
        if changed:
            if "as_told" not in card:
                _modified_here(dataset, "modified_updates_on_metadata_change")
            _keep_revision(actor, dataset, changed)
            labelled = _labelled(before["fields"], after["fields"])
            _journal(actor, "dataset.update", dataset, changed=changed, **({"labelled": labelled} if labelled else {}))
            if "access" in changed:
                _tell_opened(dataset)
            bump_revision(dataset)
    return dataset


def update_cards(actor: Actor, changes: Sequence[tuple[Dataset, Mapping[str, Any]]]) -> int:
    """Change several cards, all or none; how many."""
    with transaction.atomic():
        keys = [dataset.pk for dataset, _card in changes]
        list(Dataset.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
        for dataset, card in changes:
            update_card(actor, dataset, card)
    return len(changes)


def set_access(
    actor: Actor,
    dataset: Dataset,
    access: Access,
    organisations: Sequence[Organisation],
    groups: Sequence[Group],
    *,
    announced: bool | None = None,
    all_organisations: bool | None = None,
    closure: Sequence[str] | None = None,
    closure_note: str | None = None,
) -> Dataset:
    """Say to whom the dataset is open; the named organisations count for internal access, the groups for restricted.

    ``all_organisations`` opens an internal one to the members of any, ``announced`` tells everybody that a dataset that is not
    public exists, ``closure`` and ``closure_note`` why it is not; None leaves each as it is.
    """
    require(actor, "edit", dataset.organisation_id, f"changer l’accès à « {dataset.title} »")
    with transaction.atomic():
        _take(dataset)
        if dataset.status == Status.PUBLISHED:
            require(actor, "publish", dataset.organisation_id, f"changer l’accès à « {dataset.title} »")
        dataset.allowed_organisations.set(organisations if access is Access.INTERNAL else [])
        dataset.allowed_groups.set(groups if access is Access.RESTRICTED else [])
        dataset.access = access
        announced = dataset.announced if announced is None else announced
        dataset.announced = announced and access is not Access.PUBLIC
        all_of_them = dataset.all_organisations if all_organisations is None else all_organisations
        dataset.all_organisations = all_of_them and access is Access.INTERNAL
        before = dataset.closure, dataset.closure_note
        dataset.closure = dataset.closure if closure is None else judged_closures(closure)
        dataset.closure_note = dataset.closure_note if closure_note is None else closure_note
        _require_open_gates(dataset)
        dataset.save(update_fields=["access", "announced", "all_organisations", "closure", "closure_note", "modified"])
        names = ("closure", "closure_note")
        explained = [name for name, value in zip(names, before, strict=True) if getattr(dataset, name) != value]
        _keep_revision(actor, dataset, ["access", *explained])
        _journal(
            actor,
            "dataset.access",
            dataset,
            access=str(access),
            announced=dataset.announced,
            all_organisations=dataset.all_organisations,
            organisations=[o.slug for o in dataset.allowed_organisations.all()],
            groups=[g.name for g in dataset.allowed_groups.all()],
        )
        _tell_opened(dataset)
        bump_revision(dataset)
    return dataset


def withhold_original(actor: Actor, dataset: Dataset, *, withheld: bool = True) -> Dataset:
    """Give the file as it was received to editors alone, or to whoever sees the dataset."""
    require(actor, "edit", dataset.organisation_id, f"changer l’accès à « {dataset.title} »")
    with transaction.atomic():
        _take(dataset)
        if dataset.original_withheld == withheld:
            return dataset
        if dataset.status == Status.PUBLISHED:
            require(actor, "publish", dataset.organisation_id, f"changer l’accès à « {dataset.title} »")
        dataset.original_withheld = withheld
        dataset.save(update_fields=["original_withheld", "modified"])
        _journal(actor, "dataset.withhold-original" if withheld else "dataset.offer-original", dataset)
        bump_revision(dataset)
    return dataset


def restore_card(actor: Actor, dataset: Dataset, revision: CardRevision) -> Dataset:
    """Bring the card back to what it was at that revision; itself a change that can be undone."""
    fields = {name: value for name, value in revision.card.items() if name in CARD_FIELDS}
    return update_card(actor, dataset, {**fields, "territories": revision.card.get("territories", [])})


def rename_dataset(actor: Actor, dataset: Dataset, dataset_id: str) -> Dataset:
    """Give another identifier; the former one redirects for ever."""
    require(actor, "publish", dataset.organisation_id, f"renommer « {dataset.title} »")
    check_dataset_id(dataset_id)
    own_alias = dataset.aliases.filter(former_id=dataset_id)
    if _is_taken(dataset_id) and not own_alias.exists():
        raise IdentifierTaken(id=dataset_id)
    with transaction.atomic():
        own_alias.delete()
        former = dataset.dataset_id
        DatasetAlias.objects.create(former_id=former, dataset=dataset)
        dataset.dataset_id = dataset_id
        dataset.save(update_fields=["dataset_id", "modified"])
        _journal(actor, "dataset.rename", dataset, former=former)
        bump_revision(dataset)
    return dataset


def answer_to(actor: Actor, dataset: Dataset, former_id: str) -> bool:
    """Have what the dataset was called elsewhere lead to it for ever, whatever its letters; False when it is too long, or another's."""
    require(actor, "publish", dataset.organisation_id, f"renommer « {dataset.title} »")
    if not 0 < len(former_id) <= LONGEST_FORMER_ID or "/" in former_id:
        return False
    if dataset.aliases.filter(former_id=former_id).exists():
        return True
    if _is_taken(former_id):
        return False
    with transaction.atomic():
        DatasetAlias.objects.create(former_id=former_id, dataset=dataset)
        _journal(actor, "dataset.answer-to", dataset, former=former_id)
        bump_revision(dataset)
    return True


def add_version(actor: Actor, dataset: Dataset, version: Version) -> Version:
    """Register a version whose folder is complete, without making it current."""
    require(actor, "edit", dataset.organisation_id, f"ajouter une version à « {dataset.title} »")
    version.dataset = dataset
    version.author_id = actor.person_id
    with transaction.atomic():
        version.save()
        _journal(actor, "version.add", dataset, version=version.name, rows=version.rows)
    return version


def publish(actor: Actor, dataset: Dataset, version: Version | None = None, *, searched: bool = False) -> Dataset:
    """Make the dataset public to whom its access says, at ``version`` (default: its current one, else its latest).

    A long search that a gate needs is over before the row is locked, unless the caller ``searched``: asked the gates already, and holds it.
    """
    require(actor, "publish", dataset.organisation_id, f"publier « {dataset.title} »")
    if not searched:
        _require_publishable(dataset, version)
    with transaction.atomic():
        # What the gates read (card, access, decisions) can no longer change before what they allow is done.
        _take(dataset)
        chosen = _require_publishable(dataset, version)
        now = timezone.now()
        changed = dataset.current_id != chosen.pk
        dataset.current = chosen
        dataset.status = Status.PUBLISHED
        dataset.issued = dataset.issued or now
        dataset.data_modified = now if changed or dataset.data_modified is None else dataset.data_modified
        dataset.deleted = None
        Version.objects.filter(pk=chosen.pk, published=None).update(published=now)
        dataset.save(update_fields=["current", "status", "issued", "data_modified", "deleted", "modified"])
        if changed and dataset.issued != now:
            _modified_here(dataset, "modified_updates_on_data_change", new_data=True)
        _journal(actor, "dataset.publish", dataset, version=chosen.name)
        _tell_opened(dataset)
        bump_revision(dataset)
        transaction.on_commit(
            lambda: dataset_published.send(Dataset, dataset=dataset, version=chosen, actor=actor), robust=False
        )
    return dataset


def unpublish(actor: Actor, dataset: Dataset) -> Dataset:
    """Withdraw from every public door; nothing is deleted."""
    return _change_status(actor, dataset, Status.UNPUBLISHED, "dataset.unpublish", "retirer")


def delete(actor: Actor, dataset: Dataset) -> Dataset:
    """Put aside: invisible everywhere but among the deleted, from where it can be restored."""
    return _change_status(actor, dataset, Status.DELETED, "dataset.delete", "supprimer")


def restore(actor: Actor, dataset: Dataset) -> Dataset:
    """Bring a deleted dataset back, as withdrawn (or draft when it never was published)."""
    status = Status.UNPUBLISHED if dataset.issued else Status.DRAFT
    return _change_status(actor, dataset, status, "dataset.restore", "restaurer")


def bump_revision(*datasets: Dataset) -> int:
    """Say that what the catalogue shows of these datasets has changed; of any of them when none is named. The new mark."""
    keys = [row.pk for row in datasets] or list(Dataset.objects.values_list("pk", flat=True))
    stamp = renew_stamps(keys)
    for row in datasets:
        row.stamp = stamp
    return stamp


def renew_stamps(keys: Iterable[int]) -> int:
    """Give the datasets of these keys, and the catalogue, a new stamp.

    It is drawn from the clock, not counted: after a restored backup a counter would come back to a stamp already seen. The single row
    of the catalogue's state stays locked until the transaction ends, so stamps grow in the order in which changes become visible:
    anyone who saw every stamp up to one misses no change when they look for greater ones.
    """
    with transaction.atomic():
        groups = list(batched(sorted(keys), _AT_ONCE, strict=False))
        # The rows, then the state: every change locks in that order, so none waits for another in a circle.
        for group in groups:
            list(Dataset.objects.select_for_update(of=("self",)).filter(pk__in=group).order_by("pk").values_list("pk"))
        CatalogueState.objects.get_or_create(pk=1)
        state = CatalogueState.objects.select_for_update().get(pk=1)
        state.revision = max(state.revision + 1, time.time_ns() // 1_000)
        state.save(update_fields=["revision"])
        for group in groups:
            Dataset.objects.filter(pk__in=group).update(stamp=state.revision)
            datasets_stamped.send(Dataset, keys=group)
    return state.revision


def rows_changed(dataset: Dataset) -> int:
    """Give a dataset whose rows changed, and nothing of its card, a stamp of its own; inside the transaction that changes them.

    What is kept of the catalogue stays true: readers of the dataset alone see that it changed, several times a second when rows come
    so often.
    """
    stamps = Dataset.objects.select_for_update(of=("self",)).filter(pk=dataset.pk).values_list("stamp", flat=True)
    stamp = max(stamps.get() + 1, time.time_ns() // 1_000)
    Dataset.objects.filter(pk=dataset.pk).update(stamp=stamp)
    return stamp


def data_came(moments: Mapping[int, datetime]) -> None:
    """Tell the catalogue what ``rows_changed`` kept from it: the datasets of these keys have rows since these moments."""
    with transaction.atomic():
        for key, moment in sorted(moments.items()):
            Dataset.objects.filter(pk=key).update(data_modified=moment)
        renew_stamps(moments)


_AT_ONCE = 500
"""Keys in one statement."""


def organisation_saved(instance: Organisation, raw: bool = False, **kwargs: Any) -> None:
    """Renew the stamps of its datasets, which show its name; rows of a restored backup bring their own."""
    if not raw:
        renew_stamps(Dataset.objects.filter(organisation=instance).values_list("pk", flat=True))


def _take(dataset: Dataset) -> None:
    """Read the dataset again and keep its row until the transaction ends: what was read before may be another's past."""
    dataset.refresh_from_db(from_queryset=Dataset.objects.select_for_update(of=("self",)))


def _require_publishable(dataset: Dataset, version: Version | None) -> Version:
    """The version to publish; NotPublishable or PublicationHeld when something is missing or waits."""
    chosen = version or dataset.current or dataset.versions.first()
    missing = missing_requirements({**card_of(dataset), "version": chosen and chosen.name})
    if chosen is None or missing:
        raise NotPublishable(title=dataset.title, missing=", ".join(str(m.label) for m in missing))
    require_open_gates(dataset, chosen)
    return chosen


def _tell_opened(dataset: Dataset) -> None:
    """Tell the rooms above, before it is true for anybody else, that the dataset is open to whom its access says."""
    if dataset.status == Status.PUBLISHED:
        dataset_opened.send(Dataset, dataset=dataset)


def _require_open_gates(dataset: Dataset) -> None:
    """Ask the gates again for what is online, when more people are to read it or its card says something else.

    What is online is asked of the database: somebody may have published since ``dataset`` was read.
    """
    online = Version.objects.filter(
        pk__in=Dataset.objects.filter(pk=dataset.pk, status=Status.PUBLISHED).values("current")
    ).first()
    if online is not None:
        require_open_gates(dataset, online)


def _modified_here(dataset: Dataset, switch: str, *, new_data: bool = False) -> None:
    """Forget the date of change that came with the dataset, unless its ``switch`` says that such a change does not count.

    The day that its data is of (``data_dated``) outlives a change of its card, not ``new_data``.
    """
    metadata = dataset.as_told.get("default", {})
    if not metadata.keys() & {"modified", "data_dated"}:
        return
    remaining = {name: value for name, value in metadata.items() if name not in ("modified", "data_dated")}
    if metadata.get(switch) is False and "modified" in metadata:
        remaining["modified"] = metadata["modified"]
    if not new_data:
        remaining["data_dated"] = metadata.get("data_dated") or metadata["modified"]
    elif "modified" in remaining and dataset.data_modified:
        remaining["data_dated"] = dataset.data_modified.isoformat()
    dataset.as_told = {**dataset.as_told, "default": remaining}
    dataset.save(update_fields=["as_told"])


def _is_taken(dataset_id: str) -> bool:
    return (
        Dataset.objects.filter(dataset_id=dataset_id).exists()
        or DatasetAlias.objects.filter(former_id=dataset_id).exists()
    )


def _change_status(actor: Actor, dataset: Dataset, status: Status, action: str, verb: str) -> Dataset:
    require(actor, "publish", dataset.organisation_id, f"{verb} « {dataset.title} »")
    with transaction.atomic():
        _take(dataset)
        former = Status(dataset.status)
        dataset.status = status
        dataset.deleted = timezone.now() if status is Status.DELETED else None
        dataset.save(update_fields=["status", "deleted", "modified"])
        _journal(actor, action, dataset)
        dataset_withdrawn.send(Dataset, dataset=dataset, former=former)
        bump_revision(dataset)
    return dataset


def _write_card(dataset: Dataset, card: Mapping[str, Any]) -> None:
    before = dataset.translations
    for name in CARD_FIELDS:
        if name in card:
            setattr(dataset, name, JUDGES[name](card[name]) if name in JUDGES else card[name])
    if "translations" in card:
        dataset.translations = written_translations(dataset, before, card["translations"])
    dataset.description = cleaned(dataset.description or "")
    dataset.full_clean(exclude=["current"], validate_unique=False)
    written = None if dataset.pk is None else [*CARD_FIELDS, "organisation", "modified"]
    dataset.save(update_fields=written)  # its state is left to those who publish it meanwhile
    if "territories" in card:
        dataset.territories.set(_territories(card["territories"]))


def _labelled(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The columns whose values changed their labels, by their own label."""
    changed = [name for name in {**before, **after} if _labels_of(before, name) != _labels_of(after, name)]
    return [str(after.get(name, {}).get("label") or name) for name in changed]


def _labels_of(fields: Mapping[str, Any], name: str) -> Any:
    return (fields.get(name, {}).get("annotations") or {}).get(LABELS)


def _territories(names: Sequence[str]) -> list[Territory]:
    territories = []
    for name in names:
        kind, _colon, code = name.partition(":")
        territories.extend(Territory.objects.filter(kind=kind, code=code))
    return territories


def _check_still_latest(dataset: Dataset, based_on: int | None) -> None:
    latest = dataset.revisions.first()
    if based_on is not None and latest is not None and latest.pk != based_on:
        raise CardChanged(title=dataset.title, person=latest.actor)


def _keep_revision(actor: Actor, dataset: Dataset, changed: list[str]) -> None:
    CardRevision.objects.create(
        dataset=dataset, person_id=actor.person_id, actor=actor.name, card=card_of(dataset), changed=changed
    )


def _journal(actor: Actor, action: str, dataset: Dataset, **details: Any) -> None:
    record(actor.name, actor.person_id, action, "dataset", dataset.dataset_id, **details)
