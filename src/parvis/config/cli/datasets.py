"""``parvis datasets``: see and manage datasets."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings

from parvis.config.cli.privacy_decision import decide_if_needed
from parvis.config.cli.progress import spaced
from parvis.core.errors import RequestError
from parvis.core.text import fold
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue import selectors, services

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


class NoEarlierVersion(RequestError):
    """There is nothing to go back to."""

    code: ClassVar[str] = "no-earlier-version"
    sentence: ClassVar[str] = gettext_noop("« {id} » n’a pas de version précédente.")


def run(args: Namespace) -> None:
    """Do what the word after ``datasets`` says."""
    facts = ACTS[args.act](args)
    if args.json:
        print(json.dumps(facts, ensure_ascii=False, default=str))
        return
    for line in LINES.get(args.act, _one)(facts):
        print(line)


def _list(args: Namespace) -> list[dict[str, Any]]:
    datasets = sorted(selectors.datasets_managed_by(OPERATOR), key=lambda dataset: fold(dataset.title))
    return [_summary(dataset) for dataset in datasets]


def _summary(dataset: Dataset) -> dict[str, Any]:
    current = dataset.current
    return {
        "dataset_id": dataset.dataset_id,
        "title": dataset.title,
        "organisation": dataset.organisation.slug,
        "status": str(dataset.status),
        "access": str(dataset.access),
        "rows": current.rows if current else None,
        "version": current.name if current else None,
        "url": settings.PARVIS["PARVIS_BASE_URL"] + dataset.get_absolute_url(),
    }


def _show(args: Namespace) -> dict[str, Any]:
    dataset = selectors.dataset(OPERATOR, args.dataset_id)
    return {**_summary(dataset), **selectors.card_of(dataset)}


def _versions(args: Namespace) -> list[dict[str, Any]]:
    dataset = selectors.dataset(OPERATOR, args.dataset_id)
    return [_version(dataset, version) for version in dataset.versions.select_related("author")]


def _version(dataset: Dataset, version: Version) -> dict[str, Any]:
    return {
        "version": version.name,
        "current": version.pk == dataset.current_id,
        "created": version.created.isoformat(timespec="seconds"),
        "rows": version.rows,
        "columns": version.columns,
        "bytes": version.bytes,
        "format": version.format,
        "original": version.original,
        "source": version.source,
        "rejects": version.refused,
        "aside": version.aside,
        "nulled": version.nulled,
    }


def _act(service: Callable[..., Dataset]) -> Callable[[Namespace], dict[str, Any]]:
    return lambda args: _summary(service(OPERATOR, selectors.dataset(OPERATOR, args.dataset_id)))


class HasChildren(RequestError):
    """Other datasets are made of this one."""

    code: ClassVar[str] = "dataset-has-children"
    sentence: ClassVar[str] = gettext_noop(
        "D’autres jeux de données sont faits avec « {title} » et ne pourraient plus être refaits : {children}."
    )
    advice: ClassVar[str] = gettext_noop("Retirez d’abord l’étape de leur recette, ou ajoutez --force.")


def _delete(args: Namespace) -> dict[str, Any]:
    from parvis.hub.preparation.services import children_of  # noqa: PLC0415 what prepares tables is behind

    dataset = selectors.dataset(OPERATOR, args.dataset_id)
    children = [] if args.force else [child.dataset_id for child, _wish in children_of(dataset)]
    if children:
        raise HasChildren(title=dataset.title, children=", ".join(children))
    return _summary(services.delete(OPERATOR, dataset))


def _revert(args: Namespace) -> dict[str, Any]:
    dataset = selectors.dataset(OPERATOR, args.dataset_id)
    if args.version:
        target = selectors.any_version(dataset, args.version)
    else:
        names = list(dataset.versions.all())
        later = [version.pk for version in names].index(dataset.current_id) if dataset.current_id else -1
        if dataset.current_id is None or later + 1 >= len(names):
            raise NoEarlierVersion(id=args.dataset_id)
        target = names[later + 1]
    decide_if_needed(dataset, target, args.privacy_decision)
    return _summary(services.publish(OPERATOR, dataset, target))


def _publish(args: Namespace) -> dict[str, Any]:
    dataset = selectors.dataset(OPERATOR, args.dataset_id)
    decide_if_needed(dataset, dataset.current or dataset.versions.first(), args.privacy_decision)
    return _summary(services.publish(OPERATOR, dataset))


def _documents(args: Namespace) -> list[dict[str, Any]]:
    from parvis.hub.privacy.documents import search_documents_again  # noqa: PLC0415 what searches files is behind

    return [
        {
            "dataset_id": document.attachment.dataset.dataset_id,
            "document": document.attachment.slug,
            "findings": document.findings,
            "held": document.held,
            "was_shown": document.was_shown,
            "missing": document.missing,
        }
        for document in search_documents_again(OPERATOR)
    ]


ACTS: Mapping[str, Callable[[Namespace], Any]] = {
    "list": _list,
    "show": _show,
    "versions": _versions,
    "publish": _publish,
    "unpublish": _act(services.unpublish),
    "revert": _revert,
    "delete": _delete,
    "documents": _documents,
}

STATES = {"draft": "brouillon", "published": "publié", "unpublished": "retiré", "deleted": "supprimé"}


def _one(facts: Mapping[str, Any]) -> list[str]:
    rows = f", {spaced(facts['rows'])} lignes" if facts["rows"] is not None else ""
    return [f"{facts['dataset_id']} : {STATES[facts['status']]}{rows} — {facts['url']}"]


def _listed(rows: list[dict[str, Any]]) -> list[str]:
    width = max((len(row["dataset_id"]) for row in rows), default=0)
    return [
        f"{row['dataset_id']:<{width}}  {STATES[row['status']]:<9}  {spaced(row['rows'] or 0):>12}  {row['title']}"
        for row in rows
    ] or ["Aucun jeu de données. Pour commencer : parvis import FICHIER"]


def _shown(facts: Mapping[str, Any]) -> list[str]:
    hidden = ("fields", "overrides", "reading", "custom", "as_told")
    return [
        f"{name} : {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in facts.items()
        if value not in (None, "", [], {}) and name not in hidden
    ]


def _versions_listed(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"{'*' if row['current'] else ' '} {row['version']}  {row['created']}  {spaced(row['rows']):>12} lignes  "
        f"{row['format']}  {row['original']}"
        for row in rows
    ]


def _documents_listed(rows: list[dict[str, Any]]) -> list[str]:
    lines = []
    for row in rows:
        where = f"{row['dataset_id']}, {row['document']}"
        if row["missing"]:
            lines.append(f"{where} : le fichier est introuvable")
        elif row["held"]:
            state = "retiré des pages publiques" if row["was_shown"] else "toujours en attente"
            lines.append(f"{where} : {state}, une décision est attendue (page « Données personnelles » du jeu)")
    count = len(rows)
    lines.append(f"{count} document{'s' if count > 1 else ''} examiné{'s' if count > 1 else ''}.")
    return lines


LINES: Mapping[str, Callable[[Any], list[str]]] = {
    "list": _listed,
    "show": _shown,
    "versions": _versions_listed,
    "documents": _documents_listed,
}
