"""What those who use a dataset want to hear besides new versions: columns, licence, withdrawal, silence; noted once, told by mail,
by feed and to webhooks."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.core.metadata import LICENCE_BY_SLUG
from parvis.core.versions.shape_changes import ShapeChanges, shape_changes
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.models import CardRevision, Dataset, Version
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.notifications.datasets import announce_dataset
from parvis.hub.notifications.models import Change, Outgoing
from parvis.hub.notifications.outbox import post_soon, write_to_subscriber
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.notifications.selectors import subscriptions_to, target_of
from parvis.hub.store import is_stored, manifest_of
from parvis.hub.ui.formatting import instant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

CHANGE = "dataset-change"
FOLLOWED = "dataset"
"""The kind of the subscriptions that are told at once."""
SECOND_THOUGHTS = timedelta(minutes=30)
"""Before what a person does is told by mail: done by mistake and undone, it is not."""
MOST_NAMED = 100
"""Columns of each kind in a message."""
MOST_SAID = 10
"""Columns that a sentence names."""


class Kind(StrEnum):
    """What happened."""

    COLUMNS = "columns"
    LICENCE = "licence"
    WITHDRAWN = "withdrawn"
    SILENT = "silent"
    HEARD = "heard"


def columns_changed(dataset: Dataset, version: Version, **_rest: Any) -> None:
    """A version became the one that readers see: note what has become of the columns of the one before."""
    former = (
        dataset.versions.filter(published__isnull=False).exclude(pk=version.pk).order_by("-published", "-pk").first()
    )
    if former is None or not all(is_stored(dataset.uid, row.name) for row in (former, version)):
        return
    before, after = (manifest_of(dataset.uid, row.name).shape for row in (former, version))
    changes = shape_changes(before, after)
    if not changes:
        return
    facts = _columns(changes)
    named = {**facts, "labels": _labels(changes), "breaks": changes.breaks}
    with transaction.atomic():
        if _note(dataset, Kind.COLUMNS, version.name, named) is not None:
            announce_dataset("dataset.columns_changed", dataset, version=version.name, **facts)


def card_changed(instance: CardRevision, created: bool, raw: bool = False, **_rest: Any) -> None:
    """The card of a dataset that is online has another licence."""
    dataset = instance.dataset
    if not created or raw or "licence" not in instance.changed or dataset.status != Status.PUBLISHED:
        return
    former = CardRevision.objects.filter(dataset=dataset, pk__lt=instance.pk).order_by("-pk").first()
    before = str(former.card.get("licence") or "") if former is not None else ""
    facts = {"before": before, "after": str(instance.card.get("licence") or "")}
    change = _note(dataset, Kind.LICENCE, f"revision-{instance.pk}", facts)
    if change is not None:
        announce_dataset("dataset.licence_changed", dataset, **facts)
        _tell(change, timezone.now() + SECOND_THOUGHTS)


def dataset_closed(dataset: Dataset, former: Status | None = None, **_rest: Any) -> None:
    """A dataset that was online was withdrawn or deleted; webhooks are told elsewhere."""
    if former == Status.PUBLISHED:
        now = timezone.now()
        change = _note(dataset, Kind.WITHDRAWN, now.isoformat(), {})
        if change is not None:
            _tell(change, now + SECOND_THOUGHTS)


def fell_silent(dataset: Dataset, since: datetime) -> None:
    """Nothing came of a dataset for longer than its card says, or than its feed should leave; told once for the same ``since``.

    To be called in the transaction that notes it.
    """
    moment = since.isoformat()
    change = _note(dataset, Kind.SILENT, moment, {"since": moment})
    if change is not None:
        announce_dataset("dataset.silent", dataset, since=moment)
        _tell(change)


def heard_again(dataset: Dataset, since: datetime, until: datetime) -> None:
    """Something came again of a feed whose silence was told."""
    facts = {"since": since.isoformat(), "until": until.isoformat()}
    change = _note(dataset, Kind.HEARD, facts["since"], facts)
    if change is not None:
        announce_dataset("dataset.heard", dataset, **facts)
        _tell(change)


def changes_of(dataset: Dataset, most: int) -> Iterable[Change]:
    """The latest first."""
    return Change.objects.filter(dataset=dataset)[:most]


def breaking_columns(dataset: Dataset, version: str) -> Change | None:
    """What a version did to the columns, when it may break what was written for the former ones."""
    change = Change.objects.filter(dataset=dataset, kind=Kind.COLUMNS, mark=version).first()
    return change if change is not None and change.facts["breaks"] else None


def heading(change: Change, title: str) -> str:
    """What happened, in a few words."""
    words = {
        Kind.COLUMNS: _("Colonnes changées : %s"),
        Kind.LICENCE: _("Licence changée : %s"),
        Kind.WITHDRAWN: _("Jeu de données retiré : %s"),
        Kind.SILENT: _("Plus de mise à jour : %s"),
        Kind.HEARD: _("Flux de nouveau reçu : %s"),
    }
    return words[Kind(change.kind)] % title


def sentences(change: Change) -> list[str]:
    """What happened, for who uses the dataset."""
    facts = change.facts
    if change.kind == Kind.COLUMNS:
        return _column_sentences(facts["labels"])
    if change.kind == Kind.LICENCE:
        names = {key: _licence_name(facts[key]) for key in ("before", "after")}
        return [_("Sa licence était « %(before)s » ; c’est maintenant « %(after)s ».") % names]
    if change.kind == Kind.WITHDRAWN:
        return [
            _(
                "Il n’est plus en ligne. Ce que vous en avez déjà téléchargé reste sous la licence que vous aviez acceptée."
            )
        ]
    since = _moment(facts["since"])
    if change.kind == Kind.SILENT:
        return [_("Rien n’est arrivé depuis le %s : ce qui est en ligne n’est peut-être plus à jour.") % since]
    return [
        _("Il était silencieux depuis le %(since)s ; il est de nouveau reçu depuis le %(until)s.")
        % {"since": since, "until": _moment(facts["until"])}
    ]


def _column_sentences(labels: dict[str, list[Any]]) -> list[str]:
    rows = [
        (labels["gone"], lambda names: ngettext("Colonne disparue : %s.", "Colonnes disparues : %s.", len(names))),
        (
            [_("%(before)s (maintenant %(after)s)") % {"before": old, "after": new} for old, new in labels["renamed"]],
            lambda names: ngettext(
                "Colonne renommée, semble-t-il : %s.", "Colonnes renommées, semble-t-il : %s.", len(names)
            ),
        ),
        (
            labels["retyped"],
            lambda names: ngettext("Colonne d’un autre type : %s.", "Colonnes d’un autre type : %s.", len(names)),
        ),
        (labels["added"], lambda names: ngettext("Colonne ajoutée : %s.", "Colonnes ajoutées : %s.", len(names))),
    ]
    return [words(names) % _list_of(names) for names, words in rows if names]


def _list_of(names: list[str]) -> str:
    more = len(names) - MOST_SAID
    return ", ".join(names[:MOST_SAID]) + (f", + {more}" if more > 0 else "")


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    return instant(moment) if moment is not None else text


def _licence_name(slug: str) -> str:
    licence = LICENCE_BY_SLUG.get(slug)
    return licence.name if licence is not None else slug or _("aucune")


def _columns(changes: ShapeChanges) -> dict[str, list[Any]]:
    return {
        "gone": [column.name for column in changes.gone][:MOST_NAMED],
        "added": [column.name for column in changes.came][:MOST_NAMED],
        "renamed": [{"before": old.name, "after": new.name} for old, new in changes.renamed][:MOST_NAMED],
        "retyped": [
            {"name": new.name, "before": str(old.type), "after": str(new.type)} for old, new in changes.retyped
        ][:MOST_NAMED],
    }


def _labels(changes: ShapeChanges) -> dict[str, list[Any]]:
    return {
        "gone": [column.label for column in changes.gone][:MOST_NAMED],
        "added": [column.label for column in changes.came][:MOST_NAMED],
        "renamed": [[old.label, new.label] for old, new in changes.renamed][:MOST_NAMED],
        "retyped": [new.label for _old, new in changes.retyped][:MOST_NAMED],
    }


def _note(dataset: Dataset, kind: Kind, mark: str, facts: dict[str, Any]) -> Change | None:
    """The row; None when it was noted before."""
    change, is_new = Change.objects.get_or_create(dataset=dataset, kind=kind, mark=mark, defaults={"facts": facts})
    return change if is_new else None


def _tell(change: Change, due: datetime | None = None) -> None:
    """Write to who follows the dataset, where anybody may read it."""
    if change.dataset.access != Access.PUBLIC:
        return
    for subscription in subscriptions_to(FOLLOWED, str(change.dataset_id)):
        write_to_subscriber(subscription, CHANGE, due=due, change=change.pk)
    if due is not None:
        transaction.on_commit(lambda: post_soon(due))


def _message(mail: Outgoing) -> Message | None:
    """None once it is no more so: put online again, given its former licence back, or closed meanwhile."""
    dataset = target_of(mail.asked)
    change = Change.objects.filter(pk=mail.facts["change"], dataset=dataset).first() if dataset is not None else None
    if dataset is None or change is None or dataset.access != Access.PUBLIC:
        return None
    is_online = dataset.status == Status.PUBLISHED
    if is_online == (change.kind == Kind.WITHDRAWN):
        return None
    if change.kind == Kind.LICENCE and (dataset.licence or "") != change.facts["after"]:
        return None
    facts = {
        "dataset": dataset,
        "sentences": sentences(change),
        "address": canonical(dataset.get_absolute_url()) if is_online else "",
    }
    return Message(heading(change, dataset.title), facts)


CHANGE_NOTICE = NoticeKind(slug=CHANGE, message=_message, template="notifications/mails/change")
