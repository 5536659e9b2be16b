"""The API 1 of udata, the software of data.gouv.fr, as far as Parvis needs it: datasets, their remote files, services, contacts.

Everything that comes from there is bounded and looked at before it is believed. A request that changes something is made once: one that
was received and not answered is seen by the next sending, which reads what is there first. Source: the code of udata
(``udata/core/dataset/api.py``, ``forms.py``, ``udata/core/dataservices``, ``udata/core/user/api.py``,
``udata/core/contact_point/api.py``).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from parvis.core.errors import OperationError
from parvis.core.fetching import FetchTooSlow, Posted, UnknownHost, send
from parvis.core.text import seen_text
from parvis.core.translation import Sentence
from parvis.hub.republication import rules
from parvis.hub.republication.mapping import DATASETS, SERVICES, Words
from parvis.hub.republication.plan import Remote, Resource
from parvis.hub.republication.reach import reach_of_portal
from parvis.hub.republication.rules import (
    LONGEST_WAIT,
    DeletedThere,
    KeyRefused,
    NoServicesThere,
    NotMember,
    OddAnswer,
    Refused,
    RightRefused,
    TooMany,
    TooManyThere,
    Unavailable,
    is_identifier,
)

MOST_ANSWER = 4_000_000
SECONDS = 30.0
MOST_PAGES, PAGE_SIZE = 400, 50
"""Of the datasets of an organisation that are looked through for ours: without having seen them all, one would be made twice."""
MOST_SERVED = 100
"""Datasets of one service that are looked at."""
REASON = 300
_SILENCES: Mapping[type[OperationError], Sentence] = {
    FetchTooSlow: Sentence("il répond trop lentement"),
    UnknownHost: Sentence("son nom ne mène à aucun serveur"),
}
"""Why no answer came, by what was met; anything else is a connection that broke."""


class Udata:
    """One portal, with the key of one account; ``before`` is called before each request."""

    def __init__(self, address: str, key: str, before: Callable[[], object] = lambda: None) -> None:
        self.address, self._key, self._before = address, key, before
        self.host = urlsplit(address).hostname or address
        self.refused: list[tuple[str, str]] = []
        """The optional parts that were refused since it was emptied, and why."""
        self._requests, self._waits = 0, 0
        self._contacts: dict[tuple[str, str], str] = {}

    def organisation(self, name: str) -> str:
        """The identifier of an organisation of the account, named by it or by the end of its address; NotMember."""
        me = self._object("GET", "/api/1/me/")
        for row in _rows(me.get("organizations")):
            if name in (row.get("id"), row.get("slug")) and is_identifier(row.get("id")):
                return str(row["id"])
        raise NotMember(name=name, host=self.host)

    def present(self, words: Words, identifier: str) -> Remote | None:
        """A dataset or a service as it is now; None when there is none of that name, DeletedThere when only that is told of it."""
        answer = self._send("GET", f"/api/1/{words.path}/{identifier}/")
        if answer.status == 404:
            return None
        facts = self._json(answer)
        if facts.get("id") != identifier:
            raise OddAnswer(host=self.host)
        return self._remote(words, facts)

    def shown(self, words: Words, identifier: str) -> Remote | None:
        """The same as everybody sees it, without the key; None when nobody does."""
        answer = self._send("GET", f"/api/1/{words.path}/{identifier}/", anonymous=True)
        if answer.status in (401, 403, 404, 410):
            return None
        facts = self._json(answer)
        if facts.get("id") != identifier:
            raise OddAnswer(host=self.host)
        return self._remote(words, facts, anonymous=True)

    def listed(self, words: Words, organisation: str) -> Iterator[dict[str, Any]]:
        """Those of an organisation, with what tells whether they are ours: the private and the deleted too, which its members see."""
        fields = f"data{{id,title,{words.page},{words.deleted},{words.archived},extras,harvest}},next_page"
        for number in range(1, MOST_PAGES + 1):
            query = urlencode({"organization": organisation, "page": number, "page_size": PAGE_SIZE})
            answer = self._send("GET", f"/api/1/{words.path}/?{query}", headers={"X-Fields": fields})
            if answer.status == 404 and words is SERVICES:
                raise NoServicesThere(host=self.host)
            facts = self._json(answer)
            for row in _rows(facts.get("data")):
                if is_identifier(row.get("id")):
                    own = {"page": words.page, "deleted": words.deleted, "archived": words.archived}
                    yield {**row, **{name: row.get(theirs_name) for name, theirs_name in own.items()}}
            if not facts.get("next_page"):
                return
        raise TooManyThere(host=self.host, most=MOST_PAGES * PAGE_SIZE)

    def create(self, words: Words, organisation: str, body: Mapping[str, Any]) -> Remote:
        """A new one of the organisation."""
        body = {**self._with_contacts(organisation, body), "organization": organisation}
        return self._remote(words, self._write("POST", f"/api/1/{words.path}/", body, words.optional))

    def change(self, words: Words, organisation: str, identifier: str, body: Mapping[str, Any]) -> Remote:
        """Another card; its files stay as they are."""
        body = self._with_contacts(organisation, body)
        return self._remote(
            words, self._write(words.method, f"/api/1/{words.path}/{identifier}/", body, words.optional)
        )

    def delete(self, words: Words, identifier: str) -> None:
        """Take it away; one that is gone is gone."""
        answer = self._send("DELETE", f"/api/1/{words.path}/{identifier}/")
        if answer.status not in (404, 410):
            self._require_done(answer)

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

    def _with_contacts(self, organisation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The card with the numbers of its contacts: udata makes the same contact once, however often it is asked."""
        if not body.get("contact_points"):
            return dict(body)
        numbers = []
        for row in body["contact_points"]:
            if not isinstance(row, dict):
                numbers.append(row)
                continue
            mark = (row["name"], row["email"])
            if mark not in self._contacts:
                contact = {**row, "role": "contact", "organization": organisation}
                answer = self._send("POST", "/api/1/contacts/", contact)
                if answer.status in (400, 404):  # an older udata has none, a name may hold an address
                    self.refused.append(("contact_points", _reason(answer, self._key)))
                    self._contacts[mark] = ""
                else:
                    identifier = self._json(answer).get("id")
                    self._contacts[mark] = str(identifier) if is_identifier(identifier) else ""
            numbers.append(self._contacts[mark])
        numbers_there = [number for number in numbers if number]
        rest = {name: value for name, value in body.items() if name != "contact_points"}
        return {**rest, "contact_points": numbers_there} if numbers_there else rest

    def _write(
        self, method: str, path: str, body: Mapping[str, Any], optional: Collection[str] = DATASETS.optional
    ) -> dict[str, Any]:
        """Send it; again without the optional parts that are refused by name, as long as there are: some portals name them one by one."""
        reasons: list[tuple[str, str]] = []
        while True:
            answer = self._send(method, path, body)
            errors = _errors(answer)
            refused = [name for name in optional if name in body and name in errors]
            if not refused:
                break
            reasons += [(name, _short(errors[name], self._key)) for name in refused]
            body = {name: value for name, value in body.items() if name not in refused}
        facts = self._json(answer)
        self.refused += reasons
        return facts

    def _object(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return self._json(self._send(method, path, **options))

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        anonymous: bool = False,
    ) -> Posted:
        """One request; made again on the spot only when the portal says that it did nothing and asks for a few seconds."""
        while True:
            answer = self._send_once(method, path, body, {} if headers is None else headers, anonymous)
            seconds = _seconds(answer)
            if answer.status != 429 or not 0 < seconds <= rules.PATIENCE or self._waits >= rules.MOST_WAITS:
                return answer
            self._waits += 1
            time.sleep(seconds)

    def _send_once(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str], anonymous: bool
    ) -> Posted:
        if self._requests:
            time.sleep(rules.PAUSE)
        self._requests += 1
        self._before()
        sent = {"Accept": "application/json", **headers} | ({} if anonymous else {"X-API-KEY": self._key})
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        try:
            return send(
                method,
                f"{self.address}{path}",
                content,
                sent,
                max_bytes=MOST_ANSWER,
                total_seconds=SECONDS,
                **reach_of_portal(self.host),
            )
        except OperationError as error:
            reason = _SILENCES.get(type(error), Sentence("la connexion s’est interrompue"))
            raise Unavailable(host=self.host, reason=reason) from error

    def _json(self, answer: Posted) -> dict[str, Any]:
        self._require_done(answer)
        try:
            facts = json.loads(answer.body)
            # Half of a letter, infinity, a depth without end: what could be written nowhere again is no answer of udata.
            json.dumps(facts, ensure_ascii=False, allow_nan=False).encode()
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

    def _served(self, identifier: str, *, anonymous: bool) -> list[dict[str, Any]]:
        """The datasets of a service, of which its own card says where they are listed."""
        query = urlencode({"dataservice": identifier, "page_size": MOST_SERVED})
        path = f"/api/1/datasets/?{query}"
        facts = self._object("GET", path, headers={"X-Fields": "data{id}"}, anonymous=anonymous)
        return _rows(facts.get("data"))[:MOST_SERVED]

    def _remote(self, words: Words, facts: Mapping[str, Any], *, anonymous: bool = False) -> Remote:
        if not is_identifier(facts.get("id")):
            raise OddAnswer(host=self.host)
        if words is SERVICES and (listing := _mapping(facts.get("datasets"))):
            served = self._served(str(facts["id"]), anonymous=anonymous) if listing.get("total") != 0 else []
            facts = {**facts, "datasets": served}
        page = facts.get(words.page)
        rows = [row for row in _rows(facts.get("resources")) if is_identifier(row.get("id"))]
        return Remote(
            identifier=str(facts["id"]),
            # Shown as a link to people: it leads to that portal, or nowhere.
            page=page if isinstance(page, str) and len(page) <= 500 and page.startswith(f"{self.address}/") else "",
            extras=_mapping(facts.get("extras")),
            resources=[
                Resource(str(row["id"]), seen_text(str(row.get("title", "")))[:350], _mapping(row.get("extras")), row)
                for row in rows
            ],
            body={name: value for name, value in facts.items() if name != "resources"},
            deleted=bool(facts.get(words.deleted)),
            words=words,
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
    return _short(_errors(answer) or answer.body.decode("utf-8", "replace"), key)


def _short(reason: object, key: str, depth: int = 3) -> str:
    """What a portal says, in one line: « title : Field cannot be longer »."""
    if depth and isinstance(reason, dict):
        text = " ; ".join(f"{name} : {_short(value, key, depth - 1)}" for name, value in list(reason.items())[:10])
    elif depth and isinstance(reason, list):
        text = ", ".join(_short(value, key, depth - 1) for value in reason[:10])
    else:
        text = reason if isinstance(reason, str) else json.dumps(reason, ensure_ascii=False)
    return seen_text(text.replace(key, "…").replace("\0", ""))[:REASON] or "—"


def _seconds(answer: Posted) -> int:
    """How long it asks to wait, told in seconds or as a moment; 0 when it does not say."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
    else:
        try:
            seconds = math.ceil((parsedate_to_datetime(text[:100]) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError, OverflowError):
            return 0
    return max(0, min(seconds, int(LONGEST_WAIT.total_seconds())))
