"""``parvis --url ADRESSE``: the same commands on another portal, by its API and with a key; no instance is needed here."""

from __future__ import annotations

import json
import os
import stat
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from parvis.config.cli import remote_harvest, remote_keys
from parvis.config.cli.arguments import REMOTE
from parvis.config.cli.main import DONE, WRONG, error_facts, report
from parvis.config.cli.progress import Bar, counted, spaced
from parvis.config.cli.recipe_files import read_recipe_text
from parvis.config.cli.remote_choices import NotRemote, organisation_where
from parvis.config.cli.row_files import AT_ONCE, report_batches, rows_of_file
from parvis.core.errors import NotFound, OperationError, ParvisError, RequestError
from parvis.core.identifiers import check_dataset_id, dataset_id_from
from parvis.core.translation import gettext_noop
from parvis_client import NotThere, Parvis, ParvisClientError, Unavailable, Unreachable

KEY, KEY_FILE = "PARVIS_API_KEY", "PARVIS_API_KEY_FILE"
LOCAL_OPTIONS = {"metadata": "--metadata", "privacy_decision": "--privacy-decision"}
"""What the API does not take."""
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
STATES = {"draft": "brouillon", "published": "publié", "unpublished": "retiré", "deleted": "supprimé"}


class NoRemoteKey(RequestError):
    """No key to write with."""

    code: ClassVar[str] = "no-remote-key"
    sentence: ClassVar[str] = gettext_noop("Il manque la clé d’API de ce portail.")
    advice: ClassVar[str] = gettext_noop(
        "Mettez-la dans la variable PARVIS_API_KEY, ou dans un fichier que --key-file nomme ; jamais sur la ligne de commande."
    )


class RemoteRefusal(RequestError):
    """The other portal refused; its own code and words are shown."""

    code: ClassVar[str] = "remote-refusal"
    sentence: ClassVar[str] = gettext_noop("{message}")
    advice: ClassVar[str] = gettext_noop("{hint}")


class RemoteFailure(OperationError):
    """The other portal did not answer, or could not do it."""

    code: ClassVar[str] = "remote-failure"
    sentence: ClassVar[str] = gettext_noop("Le portail n’a pas pu répondre : {message}")


def run(args: Namespace) -> int:
    """Do on the portal of ``--url`` what the command says."""
    if args.command not in REMOTE or getattr(args, "act", "") == "documents":
        raise NotRemote(what=" ".join(filter(None, (args.command, getattr(args, "act", "")))))
    portal = Parvis(_address(args.portal), _key(args.key_file), tries=6)
    try:
        return COMMANDS[args.command](portal, args)
    except ParvisClientError as error:
        raise _error_of(error) from error


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.username:
        raise NotFound(name=url)
    return url


def _key(file: str | None) -> str:
    place = file or os.environ.get(KEY_FILE)
    if not place:
        key = os.environ.get(KEY, "").strip()
        if not key:
            raise NoRemoteKey
        return key
    path = Path(place)
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        print(f"Attention : {place} peut être lu par d’autres (chmod 600).", file=sys.stderr)
    key = path.read_text(encoding="utf-8").strip()
    if not key:
        raise NoRemoteKey
    return key


def _error_of(error: ParvisClientError) -> ParvisError:
    kind = RemoteFailure if isinstance(error, Unreachable | Unavailable) else RemoteRefusal
    made = kind(message=error.message, hint=error.hint)
    if error.code:
        made.code = error.code  # type: ignore[misc]  # the other portal's own, which its documentation tells of
    return made


def _datasets(portal: Parvis, args: Namespace) -> int:
    facts = ACTS[args.act](portal, args)
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print("\n".join(LINES.get(args.act, _state_line)(facts)))
    return DONE


def _revert(portal: Parvis, args: Namespace) -> dict[str, Any]:
    if args.version:
        return portal.publish(args.dataset_id, args.version)
    rows = list(portal.versions(args.dataset_id))
    later = next((rank for rank, row in enumerate(rows) if row["current"]), len(rows))
    if later + 1 >= len(rows):
        raise NotFound(name=f"{args.dataset_id} : version")
    return portal.publish(args.dataset_id, rows[later + 1]["version"])


ACTS: Mapping[str, Callable[[Parvis, Namespace], Any]] = {
    "list": lambda portal, _args: list(portal.datasets()),
    "show": lambda portal, args: portal.dataset(args.dataset_id),
    "versions": lambda portal, args: list(portal.versions(args.dataset_id)),
    "publish": lambda portal, args: portal.publish(args.dataset_id),
    "unpublish": lambda portal, args: portal.withdraw(args.dataset_id),
    "revert": _revert,
    "delete": lambda portal, args: portal.delete(args.dataset_id),
}


def _state_line(row: Mapping[str, Any]) -> list[str]:
    rows = f", {counted(row['rows'], 'ligne')}" if row["rows"] is not None else ""
    return [f"{row['dataset_id']} : {STATES[row['status']]}{rows} — {row['url']}"]


LINES: Mapping[str, Callable[[Any], list[str]]] = {
    "list": lambda rows: [line for row in rows for line in _state_line(row)] or ["Aucun jeu de données."],
    "show": lambda card: [f"{name} : {value}" for name, value in card.items() if value not in (None, "", [], {})],
    "versions": lambda rows: [
        f"{'*' if row['current'] else ' '} {row['version']}  {row['created'][:19]}  {spaced(row['rows'])} lignes  {row['original']}"
        for row in rows
    ],
}


def _recipe(portal: Parvis, args: Namespace) -> int:
    """What a dataset does to its files; the other acts read files of here and need no portal."""
    if args.act != "show":
        raise NotRemote(what=f"recipe {args.act}")
    recipe = portal.recipe(args.dataset_id)["recipe"]
    print(recipe or f"« {args.dataset_id} » n’a pas de recette.\n", end="", file=sys.stdout if recipe else sys.stderr)
    return DONE


def _import(portal: Parvis, args: Namespace) -> int:
    """Each file; one that is refused does not stop the others."""
    for name, option in LOCAL_OPTIONS.items():
        if getattr(args, name):
            raise NotRemote(what=option)
    if len(args.files) > 1 and (args.dataset_id or args.title):
        raise NotRemote(what="--id, --title")
    outcomes, status = [], DONE
    for place in args.files:
        try:
            outcomes.append(_import_one(portal, place, args))
        except (ParvisClientError, RequestError, NotFound) as error:
            own = _error_of(error) if isinstance(error, ParvisClientError) else error
            if isinstance(own, OperationError):
                raise own from error
            status = WRONG
            outcomes.append({"file": place, "error": error_facts(own)})
            if not args.json:
                report(own, as_json=False)
    if args.json:
        print(json.dumps(outcomes[0] if len(outcomes) == 1 else {"imports": outcomes}, ensure_ascii=False))
    return status


def _import_one(portal: Parvis, place: str, args: Namespace) -> dict[str, Any]:
    is_url = place.startswith(("http://", "https://"))
    name = PurePosixPath(unquote(urlsplit(place).path)).name if is_url else Path(place).name
    if not is_url and not Path(place).is_file():
        raise NotFound(name=place)
    words = name.removesuffix(".gz").removesuffix(".zip").rpartition(".")[0].replace("_", " ").strip() or name
    dataset_id = check_dataset_id(args.dataset_id or dataset_id_from(words))
    try:
        portal.dataset(dataset_id)
    except NotThere:
        _make(portal, dataset_id, name, args.title or words[:1].upper() + words[1:], args.organisation)
    else:
        if args.title:
            portal.update(dataset_id, {"title": args.title})
    if args.access:
        portal.set_access(dataset_id, args.access)
    if args.schema:
        portal.follow_schema(dataset_id, args.schema)
    if args.recipe:
        # Over the former one, whatever it was: who gives a recipe with a file wants it applied to this file.
        portal.put_recipe(dataset_id, read_recipe_text(args.recipe), etag="*")
    facts = _sent(portal, dataset_id, place, name, args, is_url=is_url)
    card = portal.dataset(dataset_id)
    if not args.json:
        where = f"publié : {card['url']}" if facts["published"] else "brouillon"
        rejects = f", {counted(facts['rejects'], 'ligne rejetée')}" if facts["rejects"] else ""
        print(
            f"{dataset_id} : {counted(facts['rows'], 'ligne')}, {counted(facts['columns'], 'colonne')}{rejects} — {where}"
        )
    return {**facts, "file": place, "title": card["title"], "url": card["url"]}


def _sent(portal: Parvis, dataset_id: str, place: str, name: str, args: Namespace, *, is_url: bool) -> dict[str, Any]:
    if is_url:
        return portal.import_url(dataset_id, place, publish=not args.draft, policy=args.on_misfit)
    reading = {option: getattr(args, option) for option in READING if getattr(args, option) is not None}
    bar = Bar(name)
    try:
        return portal.send(
            dataset_id,
            place,
            publish=not args.draft,
            policy=args.on_misfit,
            reading=reading,
            text=args.text,
            progress=lambda done, total: bar("send", done, total),
        )
    finally:
        bar.close()


def _make(portal: Parvis, dataset_id: str, name: str, title: str, organisation: str | None) -> None:
    owner = organisation_where(portal, organisation)
    words = f"<p>Données du fichier « {name} », importé le {date.today():%d/%m/%Y}.</p>"  # noqa: DTZ011 the day of who sends
    portal.create_dataset(title, owner, dataset_id=dataset_id, description=words)


def _rows(portal: Parvis, args: Namespace) -> int:
    receipts = portal.push_rows(
        args.dataset_id, rows_of_file(args.file), args.operation, whole=args.whole, size=AT_ONCE, name=args.name or ""
    )
    return report_batches(args, receipts)


COMMANDS: Mapping[str, Callable[[Parvis, Namespace], int]] = {
    "import": _import,
    "rows": _rows,
    "datasets": _datasets,
    "harvest": remote_harvest.run,
    "key": remote_keys.run,
    "recipe": _recipe,
}
