"""The API 1 of udata, the software of data.gouv.fr, as far as Parvis needs it: one dataset and its remote files.

Everything that comes from there is bounded and looked at before it is believed. A request is made once: one that was received and not
answered is seen by the next sending, which reads what is there first. Source: the code of udata (``udata/core/dataset/api.py``,
``forms.py``, ``udata/core/user/api.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from parvis.core.errors import OperationError
from parvis.core.fetching import Posted, send
from parvis.core.text import seen_text
from parvis.core.translation import Sentence
from parvis.hub.republication.plan import PAGE, Remote, Resource
from parvis.hub.republication.rules import (
    LONGEST_WAIT,
    DeletedThere,
    KeyRefused,
    NotMember,
    OddAnswer,
    Refused,
    RightRefused,
    TooMany,
    Unavailable,
    is_identifier,
)

MOST_ANSWER = 4_000_000
SECONDS = 30.0
MOST_PAGES, PAGE_SIZE = 40, 50
"""Of the datasets of an organisation that are looked through for ours."""
OPTIONAL = ("spatial", "schema")
"""Parts that a portal refuses when it does not know the territory or the schema: it is better without them than not there."""
REASON = 300


class Udata:
    """One portal, with the key of one account."""

    def __init__(self, address: str, key: str) -> None:
        self.address, self._key = address, key
        self.host = urlsplit(address).hostname or address

    def organisation(self, name: str) -> str:
        """The identifier of an organisation of the account, named by it or by the end of its address; NotMember."""
        me = self._object("GET", "/api/1/me/")
        for row in _rows(me.get("organizations")):
            if name in (row.get("id"), row.get("slug")) and is_identifier(row.get("id")):
                return str(row["id"])
        raise NotMember(name=name, host=self.host)

    def dataset(self, identifier: str) -> Remote | None:
        """A dataset as it is now; None when there is none of that name, DeletedThere when somebody deleted it."""
        answer = self._send("GET", f"/api/1/datasets/{identifier}/")
        if answer.status == 404:
            return None
        facts = self._json(answer)
        if facts.get("deleted"):
            raise DeletedThere(host=self.host)
        if facts.get("id") != identifier:
            raise OddAnswer(host=self.host)
        return self._remote(facts)

    def dataset_of_page(self, organisation: str, page: str) -> str:
        """The identifier of the dataset of an organisation that says it is that of a page of ours; empty when none does."""
        for number in range(1, MOST_PAGES + 1):
            query = urlencode({"organization": organisation, "page": number, "page_size": PAGE_SIZE})
            mask = {"X-Fields": "data{id,extras,deleted},next_page"}
            facts = self._object("GET", f"/api/1/datasets/?{query}", headers=mask)
            for row in _rows(facts.get("data")):
                is_ours = _mapping(row.get("extras")).get(PAGE) == page and not row.get("deleted")
                if is_ours and is_identifier(row.get("id")):
                    return str(row["id"])
            if not facts.get("next_page"):
                break
        return ""

    def create(self, organisation: str, body: Mapping[str, Any]) -> Remote:
        """A new dataset of the organisation."""
        return self._remote(self._write("POST", "/api/1/datasets/", {**body, "organization": organisation}))

    def change(self, dataset: str, body: Mapping[str, Any]) -> None:
        """Another card; its files stay as they are."""
        self._write("PUT", f"/api/1/datasets/{dataset}/", body)

    def add_resource(self, dataset: str, body: Mapping[str, Any]) -> None:
        """One more file."""
        self._write("POST", f"/api/1/datasets/{dataset}/resources/", body)

    def change_resource(self, dataset: str, resource: str, body: Mapping[str, Any]) -> None:
        """Another description of a file."""
        self._write("PUT", f"/api/1/datasets/{dataset}/resources/{resource}/", body)

    def remove_resource(self, dataset: str, resource: str) -> None:
        """Take a file away; one that is gone is gone."""
        answer = self._send("DELETE", f"/api/1/datasets/{dataset}/resources/{resource}/")
        if answer.status != 404:
            self._require_done(answer)

    def _write(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send it; once more without the optional parts that are refused by name."""
        answer = self._send(method, path, body)
        refused = [name for name in OPTIONAL if name in body and name in _errors(answer)]
        if refused:
            answer = self._send(method, path, {name: value for name, value in body.items() if name not in refused})
        return self._json(answer)

    def _object(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return self._json(self._send(method, path, **options))

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Posted:
        sent = {"X-API-KEY": self._key, "Accept": "application/json", **(headers or {})}
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        try:
            return send(method, f"{self.address}{path}", content, sent, max_bytes=MOST_ANSWER, total_seconds=SECONDS)
        except OperationError as error:
            raise Unavailable(host=self.host, reason=Sentence(error.sentence, dict(error.details))) from error

    def _json(self, answer: Posted) -> dict[str, Any]:
        self._require_done(answer)
        try:
            facts = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise OddAnswer(host=self.host) from error
        if not isinstance(facts, dict):
            raise OddAnswer(host=self.host)
        return facts

    def _require_done(self, answer: Posted) -> None:
        status, host = answer.status, self.host
        if 200 <= status < 300:
            return
        if status == 401:
            raise KeyRefused(host=host)
        if status == 403:
            raise RightRefused(host=host)
        if status == 410:
            raise DeletedThere(host=host)
        if status == 429:
            raise TooMany(host=host, seconds=_seconds(answer))
        if status >= 500:
            raise Unavailable(
                host=host, reason=Sentence("réponse {status}", {"status": status}), seconds=_seconds(answer)
            )
        if status < 400 or status == 404:
            raise OddAnswer(host=host)
        raise Refused(host=host, status=status, reason=_reason(answer, self._key))

    def _remote(self, facts: Mapping[str, Any]) -> Remote:
        if not is_identifier(facts.get("id")):
            raise OddAnswer(host=self.host)
        page = facts.get("page")
        rows = [row for row in _rows(facts.get("resources")) if is_identifier(row.get("id"))]
        return Remote(
            identifier=str(facts["id"]),
            # Shown as a link to people: it leads to that portal, or nowhere.
            page=page if isinstance(page, str) and len(page) <= 500 and page.startswith(f"{self.address}/") else "",
            extras=_mapping(facts.get("extras")),
            resources=[
                Resource(str(row["id"]), seen_text(str(row.get("title", "")))[:350], _mapping(row.get("extras")))
                for row in rows
            ],
        )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _errors(answer: Posted) -> dict[str, Any]:
    """What udata says is wrong, by field; empty for every other answer."""
    if answer.status != 400:
        return {}
    try:
        return _mapping(_mapping(json.loads(answer.body)).get("errors"))
    except (ValueError, RecursionError):
        return {}


def _reason(answer: Posted, key: str) -> str:
    errors = _errors(answer)
    text = json.dumps(errors, ensure_ascii=False) if errors else answer.body.decode("utf-8", "replace")
    return seen_text(text.replace(key, "…").replace("\0", ""))[:REASON] or "—"


def _seconds(answer: Posted) -> int:
    text = answer.headers.get("retry-after", "")
    return (
        min(int(text), int(LONGEST_WAIT.total_seconds())) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    )
