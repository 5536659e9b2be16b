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
