"""What is chosen for a command on another portal, and what cannot be done there."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis_client import Parvis


class NotRemote(RequestError):
    """This is done on the server alone."""

    code: ClassVar[str] = "not-remote"
    sentence: ClassVar[str] = gettext_noop("« {what} » ne se fait pas à distance.")
    advice: ClassVar[str] = gettext_noop("Lancez la commande sur le serveur, sans --url.")


class WhichOrganisation(RequestError):
    """The key writes in several organisations, or in none."""

    code: ClassVar[str] = "which-organisation"
    sentence: ClassVar[str] = gettext_noop(
        "Dites par --organisation pour qui : la clé n’en a pas une seule, ou pas celle-là."
    )


def organisation_where(portal: Parvis, name: str | None) -> str:
    """The organisation of that identifier or name, else the only one of the key; WhichOrganisation."""
    rows = [row for row in portal.organisations() if name is None or name in (row["slug"], row["name"])]
    if len(rows) != 1:
        raise WhichOrganisation
    return str(rows[0]["slug"])
