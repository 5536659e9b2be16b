"""Services of the catalogue: APIs, servers of maps, live feeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from parvis_client.session import Facts, Session
from parvis_client.transport import path_of


class Services(Session):
    """``/service-cards``."""

    def services(self, *, organisation: str = "") -> Iterator[Facts]:
        """The services that the key may change, as many as there are."""
        return self._each("/service-cards", organisation=organisation)

    def service(self, slug: str) -> Facts:
        """The card of a service; its ``revision`` is what ``update_service`` takes."""
        return self._ask("GET", path_of("service-cards", slug))

    def create_service(self, title: str, organisation: str, endpoints: list[str], **card: Any) -> Facts:
        """A new draft."""
        body = {"title": title, "organisation": organisation, "endpoints": endpoints, **card}
        return self._ask("POST", "/service-cards", body=body)

    def update_service(self, slug: str, card: Mapping[str, Any], *, revision: int | None = None) -> Facts:
        """Change what ``card`` says; with ``revision``, Conflict when somebody changed the card since."""
        headers = {} if revision is None else {"If-Match": f'"{revision}"'}
        # Tried again, a change that was made but whose answer was lost would look like somebody else's.
        path = path_of("service-cards", slug)
        return self._ask("PATCH", path, body=dict(card), headers=headers, again=revision is None)

    def publish_service(self, slug: str) -> Facts:
        """Put a service online, as its latest draft has it."""
        return self._ask("PUT", path_of("service-cards", slug, "publication"))

    def withdraw_service(self, slug: str) -> Facts:
        """Take a service off line."""
        return self._ask("DELETE", path_of("service-cards", slug, "publication"))

    def delete_service(self, slug: str) -> Facts:
        """Remove the card of a service for ever."""
        return self._ask("DELETE", path_of("service-cards", slug))
