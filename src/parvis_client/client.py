"""A portal as a program writes to it."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import batched
from pathlib import Path
from typing import Any, BinaryIO

from parvis_client.errors import ImportStopped, Invalid, ParvisClientError, Unreachable
from parvis_client.transport import AGAIN, Transport, path_of

type Facts = dict[str, Any]

PIECE, LEAST_PIECE = 8_000_000, 128_000
"""Bytes of one piece of a file: half as many after each that did not come, twice as many after each that did. A piece that breaks off
may be lost whole, so that on a poor network small ones alone get through."""
MOST_STANDSTILLS = 9
"""Pieces in a row of which nothing came: the network is gone for good."""
BATCH = 1_000
"""Rows pushed at a time."""
GOOD = frozenset({"done"})


class Parvis:
    """One portal, by one key that writes.

    Answers are the JSON of the portal as dictionaries, described at ``/api/parvis/v1/openapi.json``. Methods raise
    ``ParvisClientError`` and its kinds; those that fail for a moment are tried again, ``tries`` times in all.
    """

    def __init__(self, url: str, key: str, *, timeout: float = 60.0, tries: int = 5, language: str = "fr") -> None:
        self._transport = Transport(url, key, timeout=timeout, tries=tries, language=language)

    def __repr__(self) -> str:
        return f"Parvis({self._transport.base!r})"

    # Datasets

    def datasets(self, *, organisation: str = "", status: str = "") -> Iterator[Facts]:
        """The datasets that the key may change, as many as there are."""
        return self._each("/datasets", organisation=organisation, status=status)

    def dataset(self, dataset_id: str) -> Facts:
        """The card of a dataset; its ``revision`` is what ``update`` takes."""
        return self._ask("GET", path_of("datasets", dataset_id))

    def create_dataset(self, title: str, organisation: str, **card: Any) -> Facts:
        """A new draft."""
        return self._ask("POST", "/datasets", body={"title": title, "organisation": organisation, **card})

    def update(self, dataset_id: str, card: Mapping[str, Any], *, revision: int | None = None) -> Facts:
        """Change what ``card`` says; with ``revision``, Conflict when somebody changed the card since."""
        headers = {} if revision is None else {"If-Match": f'"{revision}"'}
        path = path_of("datasets", dataset_id)
        # Tried again, a change that was made but whose answer was lost would look like somebody else's.
        return self._ask("PATCH", path, body=dict(card), headers=headers, again=revision is None)

    def publish(self, dataset_id: str, version: str | None = None) -> Facts:
        """Put a dataset online, at that version."""
        return self._ask(
            "PUT", path_of("datasets", dataset_id, "publication"), body={"version": version} if version else {}
        )

    def withdraw(self, dataset_id: str) -> Facts:
        """Take a dataset off line."""
        return self._ask("DELETE", path_of("datasets", dataset_id, "publication"))

    def delete(self, dataset_id: str) -> Facts:
        """Put a dataset in the bin."""
        return self._ask("DELETE", path_of("datasets", dataset_id))

    def restore(self, dataset_id: str) -> Facts:
        """Take a dataset back from the bin."""
        return self._ask("POST", path_of("datasets", dataset_id, "restore"))

    def set_access(self, dataset_id: str, access: str, **more: Any) -> Facts:
        """Say to whom a dataset is open: ``public``, ``internal`` (``organisations``), ``restricted`` (``groups``)."""
        return self._ask("PUT", path_of("datasets", dataset_id, "access"), body={"access": access, **more})

    def rename(self, dataset_id: str, new_id: str) -> Facts:
        """Give a dataset another identifier; the former one leads to it for ever."""
        return self._ask("PUT", path_of("datasets", dataset_id, "identifier"), body={"dataset_id": new_id})

    def follow_schema(self, dataset_id: str, schema: str | None) -> Facts:
        """Have each version of a dataset checked against a schema, or against none."""
        return self._ask("PUT", path_of("datasets", dataset_id, "schema"), body={"schema": schema})

    # Files and versions

    def send(
        self,
        dataset_id: str,
        file: str | Path | BinaryIO,
        *,
        name: str = "",
        publish: bool = False,
        policy: str = "stop",
        reading: Mapping[str, Any] | None = None,
        text: list[str] | None = None,
        progress: Callable[[int, int], None] | None = None,
        wait: float = 3600.0,
    ) -> Facts:
        """Send a file, have it imported as a new version, and wait for its report.

        Sent by pieces: when the network drops, it goes on from the last byte that the portal has. ImportStopped when the import does
        not end well. An open file must be one in which one can go back (``seek``).
        """
        if isinstance(file, str | Path):
            with Path(file).open("rb") as stream:
                upload = self._send(dataset_id, stream, name or Path(file).name, progress)
        else:
            upload = self._send(dataset_id, file, name or f"{dataset_id}.csv", progress)
        choices = {
            "publish": publish,
            "policy": policy,
            "text": text or [],
            **({"reading": dict(reading)} if reading else {}),
        }
        report = self._ask("POST", path_of("datasets", dataset_id, "versions"), body={"upload": upload, **choices})
        return self.wait(report["id"], wait)

    def import_url(
        self, dataset_id: str, url: str, *, publish: bool = False, policy: str = "stop", wait: float = 3600.0
    ) -> Facts:
        """Have the portal fetch and import the file at an address, and wait for its report."""
        body = {"url": url, "publish": publish, "policy": policy}
        return self.wait(self._ask("POST", path_of("datasets", dataset_id, "versions"), body=body)["id"], wait)

    def import_report(self, number: int) -> Facts:
        """Where an import stands."""
        return self._ask("GET", path_of("imports", number))

    def wait(self, number: int, seconds: float = 3600.0) -> Facts:
        """The report of an import once it is over; ImportStopped when it did not end well."""
        limit, pause = time.monotonic() + seconds, 0.5
        while not (report := self.import_report(number))["finished"]:
            if time.monotonic() > limit:
                raise ParvisClientError(f"import {number} : {report['state']}", code="client-wait")
            time.sleep(pause)
            pause = min(pause * 1.5, 10.0)
        if report["state"] not in GOOD:
            raise ImportStopped(report)
        return report

    def versions(self, dataset_id: str) -> Iterator[Facts]:
        """The versions of a dataset, the latest first."""
        return self._each(path_of("datasets", dataset_id, "versions"))

    def changes(self, dataset_id: str, version: str, since: str = "") -> Facts:
        """What changed from a version (the one before) to another."""
        path = path_of("datasets", dataset_id, "versions", version, "changes")
        while (facts := self._ask("GET", path, query={"since": since}))["state"] == "preparing":
            time.sleep(3)
        return facts

    def set_aside(self, dataset_id: str, version: str, kind: str = "rejected") -> Facts:
        """The lines refused of a version (``rejected``), or the values emptied (``emptied``), each with its reason."""
        path = path_of("datasets", dataset_id, "versions", version, "set-aside")
        return self._ask("GET", path, query={"kind": kind})

    def attach(self, dataset_id: str, file: str | Path, *, title: str = "") -> Facts:
        """Attach a document, in place of the one that has its name."""
        path = path_of("datasets", dataset_id, "attachments", Path(file).name)
        octets = {"Content-Type": "application/octet-stream"}
        return self._ask("PUT", path, data=Path(file).read_bytes(), query={"title": title}, headers=octets)

    # Rows

    def push(
        self,
        dataset_id: str,
        rows: Iterable[Mapping[str, Any]],
        operation: str = "put",
        *,
        whole: bool = False,
        size: int = BATCH,
        name: str = "",
    ) -> Iterator[Facts]:
        """Push rows, so many at a time, and give what became of each batch, refused rows among it, once it is kept.

        ``put`` lays whole rows, ``merge`` changes of a row the columns that it tells and no other, ``delete`` takes rows away by their
        key; a row says so itself by its ``_operation``. With ``whole``, nothing of a batch is kept when one of its rows is refused.
        Batches are named after ``name`` (one of the moment without it): those that were kept are not kept twice when the same rows
        are pushed again under the same name, in batches of the same size.
        """
        name, path = name or uuid.uuid4().hex, path_of("datasets", dataset_id, "rows")
        query = {"operation": operation, "whole": "true" if whole else None}
        for rank, batch in enumerate(batched(rows, size, strict=False)):
            headers = {"Idempotency-Key": f"{name}-{rank}"}
            try:
                yield self._ask("POST", path, body=[dict(row) for row in batch], query=query, headers=headers)
            except Invalid as error:
                if error.status != 422 or "refusals" not in error.facts:
                    raise
                yield error.facts

    # Organisations, people, keys, pages

    def organisations(self) -> Iterator[Facts]:
        """Where the key may write."""
        return self._each("/organisations")

    def update_organisation(self, slug: str, **card: Any) -> Facts:
        """Change what is said of an organisation."""
        return self._ask("PATCH", path_of("organisations", slug), body=card)

    def people(self, organisation: str) -> Iterator[Facts]:
        """Who has a role in an organisation."""
        return self._each(path_of("organisations", organisation, "people"))

    def invite(self, organisation: str, email: str, role: str, **names: str) -> Facts:
        """Give somebody a role, inviting them if they have no account."""
        body = {"email": email, "role": role, **names}
        return self._ask("POST", path_of("organisations", organisation, "people"), body=body)

    def set_role(self, organisation: str, person: int, role: str) -> Facts:
        """Change somebody's role."""
        return self._ask("PUT", path_of("organisations", organisation, "people", person), body={"role": role})

    def remove_role(self, organisation: str, person: int) -> Facts:
        """Take somebody's role away."""
        return self._ask("DELETE", path_of("organisations", organisation, "people", person))

    def keys(self) -> Iterator[Facts]:
        """The keys of the organisation."""
        return self._each("/keys")

    def create_key(self, name: str, scope: str, **limits: Any) -> Facts:
        """A key no stronger than this one; ``key`` of the answer is its secret, which no other answer has."""
        return self._ask("POST", "/keys", body={"name": name, "scope": scope, **limits})

    def revoke_key(self, number: int) -> Facts:
        """Stop a key for ever."""
        return self._ask("DELETE", path_of("keys", number))

    def pages(self, site: str = "") -> Iterator[Facts]:
        """The pages of a site."""
        return self._each("/pages", site=site)

    def put_page(self, slug: str, title: str, body: list[Facts], *, site: str = "", **more: Any) -> Facts:
        """Make a page as a draft, or change its draft."""
        return self._ask(
            "PUT", path_of("pages", slug), body={"title": title, "body": body, **more}, query={"site": site}
        )

    def publish_page(self, slug: str, site: str = "") -> Facts:
        """Put the draft of a page online."""
        return self._ask("PUT", path_of("pages", slug, "publication"), query={"site": site})

    def withdraw_page(self, slug: str, site: str = "") -> Facts:
        """Take a page off line."""
        return self._ask("DELETE", path_of("pages", slug, "publication"), query={"site": site})

    # How

    def _ask(self, method: str, path: str, **how: Any) -> Facts:
        return dict(self._transport.ask(method, path, **how).body or {})

    def _each(self, path: str, **query: Any) -> Iterator[Facts]:
        offset = 0
        while True:
            page = self._ask("GET", path, query={**query, "offset": offset or None})
            yield from page["results"]
            offset += len(page["results"])
            if not page["results"] or offset >= page["total_count"]:
                return

    def _send(self, dataset_id: str, stream: BinaryIO, name: str, progress: Callable[[int, int], None] | None) -> str:
        size = stream.seek(0, 2)
        named = base64.b64encode(name.encode()).decode()
        headers = {"Upload-Length": str(size), "Upload-Metadata": f"filename {named}", "Tus-Resumable": "1.0.0"}
        upload = str(self._ask("POST", path_of("datasets", dataset_id, "uploads"), headers=headers)["id"])
        offset, standstills, piece = 0, 0, PIECE
        while offset < size:
            former, offset = offset, self._send_piece(upload, stream, offset, piece)
            has_come = offset > former
            standstills = 0 if has_come else standstills + 1
            piece = min(2 * piece, PIECE) if has_come else max(piece // 2, LEAST_PIECE)
            if standstills >= MOST_STANDSTILLS:
                raise Unreachable(f"{name}: {offset}/{size}", code="client-standstill")
            if progress is not None:
                progress(offset, size)
        return upload

    def _send_piece(self, upload: str, stream: BinaryIO, offset: int, piece: int) -> int:
        """Send the next piece; where the portal is now. When the network drops, the portal is asked how much came."""
        stream.seek(offset)
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Tus-Resumable": "1.0.0",
        }
        path = path_of("uploads", upload)
        try:
            answer = self._transport.ask("PATCH", path, data=stream.read(piece), headers=headers, again=False)
            return int(answer.headers["Upload-Offset"])
        except ParvisClientError as error:
            if not isinstance(error, Unreachable) and error.status not in (409, *AGAIN):
                raise
            time.sleep(error.wait or 1.0)
        return int(self._ask("GET", path, headers={"Tus-Resumable": "1.0.0"})["offset"])
