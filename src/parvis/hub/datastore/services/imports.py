"""The passage of a received file into a dataset: begin, examine, correct, write, publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from parvis.core.errors import Forbidden
from parvis.core.progress import Progress, no_progress
from parvis.core.recipes.reading import check_steps
from parvis.core.transforms import Step
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.kinds import COUNT, EXAMINE, WRITE, close
from parvis.hub.datastore.lenses import communes_counted, forget_all_subsets
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.rules import PUSHED, ImportIsOver, NothingToImport, VersionDamaged
from parvis.hub.datastore.services.deposits import abandon, deposit_original, require_deposit
from parvis.hub.datastore.side_tables import require_side_tables
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import cancel, enqueue, run_here
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import communes_of


def start_import(
    actor: Actor,
    *,
    deposit: Deposit | None = None,
    url: str = "",
    dataset: Dataset | None = None,
    publish: bool = False,
    policy: str = "stop",
    reading: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
) -> Import:
    """Begin the import of a received file or of an address; nothing is read yet.

    Choices not given are those the dataset keeps. ``publish``: publish as soon as the version is written; needs the right.
    """
    _require_importer(actor, dataset, publish=publish)
    if deposit is None and not url:
        raise NothingToImport(missing="un fichier ou une adresse")
    if deposit is not None:
        require_deposit(actor, deposit)
    if steps:
        _require_steps(actor, steps, dataset)
    imported = Import.objects.create(
        deposit=deposit,
        url=url,
        dataset=dataset,
        publish=publish,
        policy=policy,
        reading=dict(reading if reading is not None else dataset.reading if dataset else {}),
        overrides=dict(overrides if overrides is not None else dataset.overrides if dataset else {}),
        steps=list(steps if steps is not None else dataset.steps if dataset else []),
        person_id=actor.person_id,
    )
    _journal(actor, "import.start", imported, source=url or deposit.name)
    return imported


def attach_dataset(actor: Actor, imported: Import, dataset: Dataset) -> Import:
    """Say into which dataset an import goes; its earlier corrections apply where this import says nothing."""
    require_import(actor, imported)
    _require_open(imported)
    require(actor, "edit", dataset.organisation_id, f"importer dans « {dataset.title} »")
    imported.dataset = dataset
    imported.reading = {**dataset.reading, **imported.reading}
    imported.overrides = {**dataset.overrides, **imported.overrides}
    imported.steps = imported.steps or dataset.steps
    _require_steps(actor, imported.steps, dataset)
    imported.version_name = ""
    imported.save(update_fields=["dataset", "reading", "overrides", "steps", "version_name"])
    _journal(actor, "import.attach", imported, dataset=dataset.dataset_id)
    return imported


def correct_import(actor: Actor, imported: Import, **choices: Any) -> Import:
    """Change what was chosen: ``reading``, ``overrides``, ``steps``, ``policy`` or ``publish``; the next run applies it."""
    require_import(actor, imported)
    _require_open(imported)
    unknown = set(choices) - {"reading", "overrides", "steps", "policy", "publish"}
    if unknown:
        raise TypeError(f"not choices of an import: {sorted(unknown)}")
    if choices.get("publish"):
        _require_importer(actor, imported.dataset, publish=True)
    if "steps" in choices:
        _require_steps(actor, choices["steps"], imported.dataset)
    for name, value in choices.items():
        setattr(imported, name, value)
    imported.version_name = ""  # a folder written with the former choices must not be taken for the new ones
    imported.save(update_fields=[*choices, "version_name"])
    _journal(actor, "import.correct", imported, choices=sorted(choices))
    return imported


def examine_import(actor: Actor, imported: Import) -> Job:
    """Have the file read and its columns guessed in the background; the findings come into the import."""
    return _ask(actor, imported, EXAMINE, Import.State.EXAMINING)


def run_import(actor: Actor, imported: Import) -> Job:
    """Have the version written (and published when asked) in the background."""
    _require_dataset(imported)
    return _ask(actor, imported, WRITE, Import.State.WRITING)


def run_import_here(actor: Actor, imported: Import, progress: Progress = no_progress) -> Import:
    """Write the version (and publish when asked) in this process; raises what stopped, refused or cancelled it."""
    require_import(actor, imported)
    _require_open(imported)
    _require_dataset(imported)
    _require_whole(imported)
    run_here(actor, WRITE, progress, import_id=imported.pk)
    imported.refresh_from_db()
    return imported


def import_again(actor: Actor, dataset: Dataset, progress: Progress = no_progress) -> Version | None:
    """Import the source of the current version once more, as it was read, and publish what comes if the dataset is published.

    VersionSuperseded when another version was published meanwhile; None when something holds the new one back. What is laid
    over each import (``registry.overlay_of``) is as it is now.
    """
    current = dataset.current
    former = Import.objects.filter(version=current).order_by("-pk").first()
    deposit = deposit_original(actor, dataset, current)
    try:
        imported = start_import(
            actor,
            deposit=deposit,
            dataset=dataset,
            publish=dataset.status == Status.PUBLISHED,
            policy=former.policy if former else "null",
            **(_as_read(former) if former and current.source == PUSHED else {}),
        )
        imported.replaces = current.name
        imported.save(update_fields=["replaces"])
        run_import_here(actor, imported, progress)
    except PublicationHeld:
        return None
    except BaseException:
        abandon(actor, deposit)
        raise
    dataset.refresh_from_db()
    return dataset.current


def _as_read(former: Import) -> dict[str, Any]:
    return {"reading": former.reading, "overrides": former.overrides, "steps": former.steps}


def cancel_import(actor: Actor, imported: Import) -> Import:
    """Stop an import, whatever it is doing; the file received stays until it is abandoned."""
    require_import(actor, imported)
    if imported.state in (Import.State.DONE, Import.State.HELD, Import.State.CANCELLED):
        return imported
    if imported.job and not imported.job.is_over:
        cancel(actor, imported.job)
        imported.refresh_from_db()
    else:
        close(imported, Import.State.CANCELLED)
    _journal(actor, "import.cancel", imported)
    return imported


def version_published(version: Version, **kwargs: Any) -> None:
    """End the imports that waited for that version to be published; have its rows counted by commune."""
    Import.objects.filter(version=version, state=Import.State.HELD).update(state=Import.State.DONE, error=None)
    if communes_counted().exists():
        ask_to_count(version.dataset)


def dataset_closed(dataset: Dataset, **kwargs: Any) -> None:
    """Let no import that was asked for before publish a dataset that is withdrawn or deleted now: its version is kept, unpublished."""
    on_their_way = Import.objects.filter(dataset=dataset, publish=True)
    on_their_way.exclude(state__in=(Import.State.DONE, Import.State.HELD)).update(publish=False)


def ask_to_count(dataset: Dataset | None) -> Job | None:
    """Have the rows of a dataset (None: of all) counted by commune in the background; None when it is already asked."""
    arguments = {"dataset": dataset.pk if dataset else None}
    waiting = Job.objects.filter(kind=COUNT, state=Job.State.QUEUED, arguments=arguments)
    return None if waiting.exists() else enqueue(OPERATOR, COUNT, **arguments)


def site_placed(territory: Territory) -> None:
    """Have rows counted for the communes of the territory of a site that some published version was not counted for."""
    commune = communes_counted().filter(pk__in=communes_of(territory).order_by().values("pk")).first()
    if commune is None:
        return
    shown = Version.objects.filter(pk__in=Dataset.objects.filter(status=Status.PUBLISHED).values("current"))
    counted = shown.filter(Q(rows_by_commune={}) | Q(rows_by_commune__has_key=f"commune:{commune.code}"))
    if shown.exclude(pk__in=counted.values("pk")).exists():
        ask_to_count(None)


def territories_changed(*_models: Any, **_facts: Any) -> None:
    """Forget what communes saw of datasets, once the territories have changed, and have their rows counted again."""
    transaction.on_commit(forget_all_subsets)
    if communes_counted().exists():
        ask_to_count(None)


def require_import(actor: Actor, imported: Import) -> None:
    """Forbidden unless the import is the actor's own, or goes into a dataset they may edit."""
    if actor.everything or (actor.person_id is not None and imported.person_id == actor.person_id):
        return
    if imported.dataset is None:
        raise Forbidden(action="toucher à cet import")
    require(actor, "edit", imported.dataset.organisation_id, "toucher à cet import")


def _require_steps(actor: Actor, steps: Sequence[Mapping[str, Any]], dataset: Dataset | None) -> None:
    """What no import can do is refused when it is chosen, not an hour later."""
    listed = [Step.from_dict(row) for row in steps]
    check_steps(listed)
    require_side_tables(actor, listed, dataset)


def _ask(actor: Actor, imported: Import, kind: str, state: Import.State) -> Job:
    require_import(actor, imported)
    _require_open(imported)
    _require_whole(imported)
    with transaction.atomic():
        job = enqueue(actor, kind, import_id=imported.pk)
        imported.job, imported.state, imported.error = job, state, None
        imported.save(update_fields=["job", "state", "error"])
    return job


def _require_importer(actor: Actor, dataset: Dataset | None, *, publish: bool) -> None:
    action = "publish" if publish else "edit"
    if dataset is not None:
        require(actor, action, dataset.organisation_id, f"importer dans « {dataset.title} »")
    elif not actor.everything and not organisations_where(actor, action).exists():
        raise Forbidden(action="importer un fichier")


def _require_open(imported: Import) -> None:
    at_work = imported.job is not None and not imported.job.is_over
    if imported.state in (Import.State.DONE, Import.State.HELD) or at_work:
        raise ImportIsOver(state=imported.get_state_display())


def _require_dataset(imported: Import) -> None:
    if imported.dataset is None:
        raise NothingToImport(missing="le jeu de données de destination")


def _require_whole(imported: Import) -> None:
    deposit = imported.deposit
    if deposit is not None and not deposit.is_whole:
        raise VersionDamaged(name=deposit.name, received=deposit.received, bytes=deposit.bytes)
    if deposit is None and not imported.url:
        raise NothingToImport(missing="un fichier ou une adresse")


def _journal(actor: Actor, action: str, imported: Import, **details: Any) -> None:
    record(actor.name, actor.person_id, action, "import", str(imported.pk), **details)
