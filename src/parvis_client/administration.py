"""Organisations, people, keys, pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parvis_client.session import Facts, Session
from parvis_client.transport import path_of


class Administration(Session):
    """``/organisations``, ``/people``, ``/keys``, ``/pages``."""

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

    def page(self, slug: str, site: str = "") -> Facts:
        """A page and its blocks; its ``etag`` is what ``put_page`` takes."""
        return self._ask("GET", path_of("pages", slug), query={"site": site})

    def put_page(
        self, slug: str, title: str, body: list[Facts], *, site: str = "", etag: str | None = None, **more: Any
    ) -> Facts:
        """Make a page as a draft, or change its draft: over the state that ``etag`` names, or over any (``*``); Conflict otherwise."""
        return self._ask(
            "PUT",
            path_of("pages", slug),
            body={"title": title, "body": body, **more},
            query={"site": site},
            **self._if_match(etag),
        )

    def publish_page(self, slug: str, site: str = "") -> Facts:
        """Put the draft of a page online."""
        return self._ask("PUT", path_of("pages", slug, "publication"), query={"site": site})

    def withdraw_page(self, slug: str, site: str = "") -> Facts:
        """Take a page off line."""
        return self._ask("DELETE", path_of("pages", slug, "publication"), query={"site": site})

    def limits(self, organisation: str) -> list[Facts]:
        """What an organisation has taken, and what it may take."""
        return list(self._ask("GET", path_of("organisations", organisation, "limits"))["results"])

    def set_limits(self, organisation: str, **limits: int | None) -> list[Facts]:
        """Set what an organisation may take; what is left out has no limit."""
        return list(self._ask("PUT", path_of("organisations", organisation, "limits"), body=limits)["results"])

    def team(self, site: str) -> Iterator[Facts]:
        """Who writes a site, and who publishes it."""
        return self._each(path_of("sites", site, "team"))

    def join_team(self, site: str, email: str, duty: str = "write") -> Facts:
        """Put somebody in the team of a site (``write`` or ``publish``)."""
        return self._ask("PUT", path_of("sites", site, "team"), body={"email": email, "duty": duty})

    def leave_team(self, site: str, person: int) -> None:
        """Take somebody out of it."""
        self._ask("DELETE", path_of("sites", site, "team", person))

    def webhooks(self) -> Iterator[Facts]:
        """The programs that the organisation has called."""
        return self._each("/webhooks")

    def create_webhook(self, organisation: str, name: str, url: str, events: list[str]) -> Facts:
        """Have a program called; ``secret`` of the answer signs the calls, and no other answer has it."""
        body = {"organisation": organisation, "name": name, "url": url, "events": events}
        return self._ask("POST", "/webhooks", body=body)

    def update_webhook(self, number: int, **change: Any) -> Facts:
        """Change a webhook, stop it (``active=False``) or put it back in service."""
        return self._ask("PATCH", path_of("webhooks", number), body=change)

    def remove_webhook(self, number: int) -> None:
        """Delete a webhook."""
        self._ask("DELETE", path_of("webhooks", number))

    def deliveries(self) -> Iterator[Facts]:
        """The deliveries that are expected."""
        return self._each("/deliveries")

    def expect(self, sender: str, sender_emails: list[str], **facts: Any) -> Facts:
        """Expect a delivery, of ``dataset_id`` or of a ``title`` to come of ``organisation``."""
        return self._ask("POST", "/deliveries", body={"sender": sender, "sender_emails": sender_emails, **facts})

    def open_delivery_link(self, number: int, **choices: Any) -> Facts:
        """Open a link by which files are sent without an account; its address is in this answer alone."""
        return self._ask("POST", path_of("deliveries", number, "link"), body=choices)

    def received_files(self, number: int) -> Iterator[Facts]:
        """What came of an expected delivery, the latest first."""
        return self._each(path_of("deliveries", number, "received"))

    def decide_received(self, number: int, *, accept: bool, words: str = "") -> Facts:
        """Accept a file that waits, or refuse it with a reason."""
        return self._ask("PUT", path_of("received-files", number), body={"accept": accept, "words": words})
