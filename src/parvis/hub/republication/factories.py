"""A portal on the machine of the tests."""

from __future__ import annotations

from typing import Any

from parvis.hub.accounts.encryption import encrypt
from parvis.hub.accounts.models import Organisation
from parvis.hub.republication.models import Portal
from parvis.hub.republication.rules import PURPOSE


def make_portal(organisation: Organisation, address: str, key: str, remote_organisation: str, **more: Any) -> Portal:
    """The settings of an organisation as they would be there, at an address that no form would take."""
    return Portal.objects.create(
        organisation=organisation,
        address=address,
        key=encrypt(key, purpose=PURPOSE),
        remote_organisation=remote_organisation,
        **more,
    )
