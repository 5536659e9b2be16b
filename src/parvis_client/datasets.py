"""Datasets and their cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from parvis_client.session import Facts, Session
from parvis_client.transport import path_of


class Datasets(Session):
    """``/datasets``."""

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
