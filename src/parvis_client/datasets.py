"""Datasets and their cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parvis_client.session import Facts, Session
from parvis_client.transport import path_of

MOST_AT_ONCE = 100
"""Datasets of one change."""


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

    def change_many(self, datasets: Iterable[str], act: str = "change", **change: Any) -> Iterator[Facts]:
        """Do the same to many datasets (``change``, ``publish``, ``withdraw``, ``delete``, ``restore``); what became of each.

        ``change`` takes ``card``, ``themes_add``, ``themes_remove``, ``keywords_add``, ``keywords_remove``. One that is refused does
        not stop the others: read ``done`` and ``error`` of each.
        """
        left = list(datasets)
        while left:
            batch, later = left[:MOST_AT_ONCE], left[MOST_AT_ONCE:]
            report = self._ask("PATCH", "/datasets", body={"datasets": batch, "act": act, **change})
            yield from report["results"]
            left = [*report["left"], *later]

    def recipe(self, dataset_id: str) -> Facts:
        """The steps between a file and its rows, as TOML; its ``etag`` is what ``put_recipe`` takes."""
        return self._ask("GET", path_of("datasets", dataset_id, "recipe"))

    def put_recipe(self, dataset_id: str, recipe: str, *, etag: str | None = None) -> Facts:
        """Change the recipe of a dataset: over the state that ``etag`` names, or over any (``*``); Conflict otherwise."""
        return self._ask(
            "PUT", path_of("datasets", dataset_id, "recipe"), body={"recipe": recipe}, **self._if_match(etag)
        )

    def try_recipe(self, dataset_id: str, recipe: str | None = None) -> Facts:
        """The first rows of the last file once a recipe was applied, that of the dataset by default; nothing is kept."""
        body = {} if recipe is None else {"recipe": recipe}
        return self._ask("POST", path_of("datasets", dataset_id, "recipe-preview"), body=body)

    def revisions(self, dataset_id: str) -> Iterator[Facts]:
        """Who changed what of a card, the latest change first."""
        return self._each(path_of("datasets", dataset_id, "revisions"))

    def restore_card(self, dataset_id: str, revision: int) -> Facts:
        """Bring a card back to what it was at a revision."""
        return self._ask("POST", path_of("datasets", dataset_id, "revisions", revision, "restore"))
