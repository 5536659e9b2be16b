"""``parvis import``: a file or an address becomes a published version."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.formats import date_format

from parvis.config.cli.exported_folder import bring_documents, is_exported, named_places, reading_of
from parvis.config.cli.main import DONE, WRONG, WRONG_KINDS, error_facts, report
from parvis.config.cli.organisations import organisation_for
from parvis.config.cli.privacy_decision import decide_if_needed
from parvis.config.cli.progress import Bar, counted
from parvis.config.cli.recipe_files import read_recipe_file
from parvis.core.errors import NotFound, OperationError, ParvisError, RequestError
from parvis.core.formats.options import ReadOptions
from parvis.core.identifiers import check_dataset_id, dataset_id_from
from parvis.core.notes import sentence
from parvis.core.recipes.lineage import failures_of, with_recipe
from parvis.core.staging import Note
from parvis.core.titles import title_of
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.catalogue.services import create_dataset, publish, update_card
from parvis.hub.catalogue.sidecar import BadSidecar, card_from, publisher_in, uid_in
from parvis.hub.datastore.services import abandon, deposit_file, discard_empty, recover, run_import_here, start_import
from parvis.hub.store import manifest_of, store, versions_name
from parvis.hub.validation.selectors import followed, verdict_of
from parvis.hub.validation.services import follow, ref_from
from parvis.hub.writing.rules import BadCard

if TYPE_CHECKING:
    from parvis.core.recipes import Recipe
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.datastore.models import Deposit, Import

READING = (
    "encoding",
    "delimiter",
    "header_line",
    "sheet",
    "member",
    "json_path",
    "multiline",
    "keep_total",
    "file_column",
    "header_groups",
)
SUFFIXES = (".gz", ".zip")
SHOWN_NOTES = 20
"""Notes printed after an import; all of them are in its JSON form."""
CHOICES = frozenset(
    {
        "other-sheets",
        "other-records",
        "archive-members",
        "archive-parts",
        "parts-joined",
        "archive-parts-differ",
        "parts-columns-folded",
    }
)
"""Notes that tell which of several tables was read."""


class OneFileOnly(RequestError):
    """An option that names one dataset was given with several files."""

    code: ClassVar[str] = "one-file-only"
    sentence: ClassVar[str] = gettext_noop("« {option} » ne vaut que pour un seul fichier.")


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """One file or address, and what was said of it."""

    place: str
    is_url: bool

    @property
    def name(self) -> str:
        """The last part of its path."""
        return unquote(PurePosixPath(urlsplit(self.place).path).name) if self.is_url else Path(self.place).name

    @property
    def words(self) -> str:
        """Its name without extensions, as words."""
        name = self.name
        for suffix in SUFFIXES:
            name = name.removesuffix(suffix)
        return (name.rpartition(".")[0] or name).replace("_", " ").strip() or "Jeu de données"


def run(args: Namespace) -> int:
    """Import each file; a refused one does not stop the others, and makes the exit status 1."""
    args.files = list(named_places(args.files))
    _check(args)
    recover()
    outcomes = [_outcome(place, args) for place in args.files]
    if args.json:
        facts = [fact for fact, _status in outcomes]
        print(json.dumps(facts[0] if len(facts) == 1 else {"imports": facts}, ensure_ascii=False))
    return max((status for _fact, status in outcomes), default=DONE)


def _check(args: Namespace) -> None:
    if len(args.files) > 1:
        for option, value in (("--id", args.dataset_id), ("--metadata", args.metadata), ("--title", args.title)):
            if value:
                raise OneFileOnly(option=option)
    if args.dataset_id:
        check_dataset_id(args.dataset_id)


def _outcome(place: str, args: Namespace) -> tuple[dict[str, Any], int]:
    try:
        facts = _imported(place, args)
    except (KeyboardInterrupt, OperationError):
        raise
    except ParvisError as error:
        if not args.json:
            report(error, as_json=False)
        return {"file": place, "error": error_facts(error)}, WRONG if isinstance(error, WRONG_KINDS) else 2
    if not args.json:
        print("\n".join([_sentence(facts), *_note_lines(facts["notes"])]))
    return facts, DONE


def _imported(place: str, args: Namespace) -> dict[str, Any]:
    folder = Path(place)
    if not is_exported(folder):
        return _import(ImportRequest(place, place.startswith(("http://", "https://"))), args)
    rows, args = reading_of(folder, args)
    facts = _import(ImportRequest(rows, is_url=False), args)
    bring_documents(folder, facts["dataset_id"])
    return facts


def _import(source: ImportRequest, args: Namespace) -> dict[str, Any]:
    sidecar = _sidecar(args.metadata)
    card = _card(sidecar, args)
    dataset_id = check_dataset_id(args.dataset_id or sidecar.get("dataset_id") or dataset_id_from(source.words))
    ref = ref_from(args.schema, files=True) if args.schema else None
    recipe = read_recipe_file(args.recipe) if args.recipe else None
    existing = datasets_managed_by(OPERATOR).filter(dataset_id=dataset_id).first()
    deposit = None if source.is_url else deposit_file(OPERATOR, Path(source.place))
    dataset = existing
    try:
        if dataset is None:
            organisation = organisation_for(args.organisation or publisher_in(sidecar) or None)
            uid = uid_in(sidecar) if args.metadata else ""
            uid = "" if uid and store().children(versions_name(uid)) else uid
            dataset = create_dataset(OPERATOR, organisation, dataset_id, {**_defaults(source), **card}, uid=uid)
        elif card.get("access") not in (None, Access.PUBLIC):  # narrowed before the new rows can be read
            update_card(OPERATOR, dataset, {"access": card["access"]})
        if ref is not None:
            follow(OPERATOR, dataset, ref)
        imported = _run(source, _start(source, args, deposit, dataset, card, recipe), args.privacy_decision)
        if existing is not None and card:
            update_card(OPERATOR, imported.dataset, card)
    except BaseException as error:
        if deposit is not None:
            abandon(OPERATOR, deposit)
        if existing is None and dataset is not None:
            discard_empty(OPERATOR, dataset)
        if isinstance(error, ValidationError):
            raise _refused(error) from error
        raise
    return _facts(source, imported)


def _refused(error: ValidationError) -> BadCard:
    """The first value of a card that will not do, and why."""
    name, reasons = next(iter(error.message_dict.items()))
    return BadCard(name=name, reason=" ".join(reasons))


def _run(source: ImportRequest, imported: Import, explanation: str | None) -> Import:
    bar = Bar(source.name)
    try:
        return run_import_here(OPERATOR, imported, bar)
    except PublicationHeld:
        if explanation is None:
            raise
        imported.refresh_from_db()
        decide_if_needed(imported.dataset, imported.version, explanation)
        publish(OPERATOR, imported.dataset, imported.version)
        imported.refresh_from_db()
        return imported
    finally:
        bar.close()


def _sidecar(path: str | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    try:
        return json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise NotFound(name=path) from error
    except ValueError as error:
        raise BadSidecar(file=path, reason=f"ce n’est pas du JSON ({error})") from error


def _card(sidecar: Mapping[str, Any], args: Namespace) -> dict[str, Any]:
    """What the sidecar and the options say of the dataset."""
    card = card_from(sidecar, args.metadata) if args.metadata else {}
    options = {"title": args.title, "access": args.access}
    return {**card, **{name: value for name, value in options.items() if value}}


def _defaults(source: ImportRequest) -> dict[str, Any]:
    """The card of a file of which nothing was said."""
    today = date_format(timezone.localdate(), "j F Y")
    return {
        "title": title_of(source.words) if len(source.words) > 2 else f"Fichier {source.name}",
        "description": f"<p>Données du fichier « {source.name} », importé le {today}.</p>",
        "source_url": _followable(source.place) if source.is_url else "",
    }


def _followable(address: str) -> str:
    """The address when a card may have it; nothing for one that is too long or that no browser would take."""
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return ""
    return address if len(address) <= 500 else ""


def _start(
    source: ImportRequest,
    args: Namespace,
    deposit: Deposit | None,
    dataset: Dataset,
    card: dict[str, Any],
    recipe: Recipe | None,
) -> Import:
    chosen = {name: getattr(args, name) for name in READING if getattr(args, name) is not None}
    return start_import(
        OPERATOR,
        deposit=deposit,
        url=source.place if source.is_url else "",
        dataset=dataset,
        publish=not args.draft,
        policy=args.on_misfit,
        reading={**dataset.reading, **ReadOptions(**chosen).to_dict()},
        overrides={
            **dataset.overrides,
            **card.get("overrides", {}),
            **{name: {"parser": "text"} for name in args.text},
        },
        steps=None if recipe is None else with_recipe(dataset.steps, recipe),
    )


def _facts(source: ImportRequest, imported: Import) -> dict[str, Any]:
    version, dataset = imported.version, imported.dataset
    return {
        "file": source.place,
        "dataset_id": dataset.dataset_id,
        "title": dataset.title,
        "version": version.name,
        "format": version.format,
        "rows": version.rows,
        "columns": version.columns,
        "rejects": version.refused,
        "aside": version.aside,
        "nulled": version.nulled,
        "failures": failures_of(manifest_of(dataset.uid, version.name).lineage),
        "notes": _notes(imported),
        "published": imported.publish,
        "url": settings.PARVIS["PARVIS_BASE_URL"] + dataset.get_absolute_url(),
        **_verdict(imported),
    }


def _notes(imported: Import) -> list[dict[str, Any]]:
    """Which table was read where there are several, then what was noticed of each column: why it is text, which words were read as
    no value."""
    manifest = manifest_of(imported.dataset.uid, imported.version.name)
    labels = {column.name: column.label for column in manifest.shape}
    return [
        {
            "code": note["code"],
            "column": labels.get(note["details"].get("column"), note["details"].get("column", "")),
            "details": note["details"],
            "sentence": sentence(Note(note["code"], note["details"])),
        }
        for note in manifest.notes
        if "column" in note["details"] or note["code"] in CHOICES
    ]


def _note_lines(notes: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["  " + " : ".join(filter(None, (note["column"], note["sentence"]))) for note in notes[:SHOWN_NOTES]]
    return lines + ([f"  … (+ {len(notes) - SHOWN_NOTES})"] if len(notes) > SHOWN_NOTES else [])


def _verdict(imported: Import) -> dict[str, Any]:
    """What the version is worth against the schema that its dataset follows; empty when it follows none."""
    row = followed(imported.dataset)
    verdict = verdict_of(imported.version, row) if row is not None else None
    if verdict is None:
        return {}
    return {
        "schema": verdict.schema,
        "schema_version": verdict.schema_version,
        "valid": verdict.valid,
        "faults": verdict.faults,
    }


def _sentence(facts: Mapping[str, Any]) -> str:
    parts = [f"{facts['dataset_id']} : {counted(facts['rows'], 'ligne')}, {counted(facts['columns'], 'colonne')}"]
    if facts["rejects"]:
        parts.append(counted(facts["rejects"], "ligne rejetée"))
    if facts["aside"]:
        parts.append(f"{counted(facts['aside'], 'ligne')} autour du tableau")
    if facts["nulled"]:
        parts.append(counted(facts["nulled"], "valeur effacée"))
    if facts["failures"]:
        parts.append(f"{counted(facts['failures'], 'échec')} de la recette")
    if "valid" in facts:
        count = "schéma respecté" if facts["valid"] else counted(facts["faults"], "erreur")
        parts.append(count if facts["valid"] else f"{count} par rapport au schéma {facts['schema']}")
    where = f"publié : {facts['url']}" if facts["published"] else "brouillon (parvis datasets publish pour le publier)"
    return f"{', '.join(parts)} — {where}"
