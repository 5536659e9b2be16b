"""Files, imports, versions, documents."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from parvis_client.errors import ImportStopped, ParvisClientError, Unreachable
from parvis_client.session import Facts, Session
from parvis_client.transport import AGAIN, path_of

PIECE, LEAST_PIECE = 8_000_000, 128_000
"""Bytes of one piece of a file: half as many after each that did not come, twice as many after each that did. A piece that breaks off
may be lost whole, so that on a poor network small ones alone get through."""
CHANGED = 460
"""The status of a piece that did not come as it was sent."""
MOST_STANDSTILLS = 9
"""Pieces in a row of which nothing came: the network is gone for good."""
GOOD = frozenset({"done"})


class Files(Session):
    """``/uploads``, ``/imports``, ``/versions``, ``/attachments``."""

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

    def import_again(
        self, dataset_id: str, version: str, *, publish: bool = False, policy: str = "stop", wait: float = 3600.0
    ) -> Facts:
        """Take the file of a version through the recipe of today, and wait for its report: nothing is sent."""
        path = path_of("datasets", dataset_id, "versions", version, "again")
        return self.wait(self._ask("PUT", path, body={"publish": publish, "policy": policy}, again=False)["id"], wait)

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
        data = stream.read(piece)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        headers = {
            "Upload-Checksum": f"sha256 {digest}",
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Tus-Resumable": "1.0.0",
        }
        path = path_of("uploads", upload)
        try:
            answer = self._transport.ask("PATCH", path, data=data, headers=headers, again=False)
            return int(answer.headers["Upload-Offset"])
        except ParvisClientError as error:
            if not isinstance(error, Unreachable) and error.status not in (409, CHANGED, *AGAIN):
                raise
            time.sleep(error.wait or 1.0)
        return int(self._ask("GET", path, headers={"Tus-Resumable": "1.0.0"})["offset"])
