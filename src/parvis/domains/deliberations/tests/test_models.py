"""Acts are kept under the address that names them."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.rules import Identity, address_of
from parvis.domains.deliberations.selectors import published_acts, published_files, published_pages
from parvis.hub.accounts.factories import make_organisation


def test_an_act_is_named_by_who_decided_when_and_its_number():
    identity = Identity("219102281", date(2026, 1, 15), "2026/014 bis", "DE")
    assert address_of(identity) == "219102281-20260115-2026-014-bis-de"


@pytest.mark.django_db
def test_an_act_online_gives_its_file_and_its_text(home):
    organisation = make_organisation(siren="219102281")
    session = make_session(make_assembly(organisation))
    act = make_act(organisation, session=session, number="2026-014")
    assert [row.slug for row in published_acts()] == ["219102281-20260115-2026-014-de"]
    (file,) = published_files(act)
    assert [page.number for page in published_pages(file)] == [1, 2]
    make_act(organisation, online=False)
    assert published_acts().count() == 1
