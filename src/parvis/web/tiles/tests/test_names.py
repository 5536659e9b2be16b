"""Names of territories by their codes, for maps that hold more of them than they tell at once."""

import json

import pytest

from parvis.core.text import fold
from parvis.hub.territories.models import Territory
from parvis.web.tiles.views import MOST_NAMES

pytestmark = pytest.mark.django_db


def test_codes_are_named_a_hundred_at_a_time_and_unknown_ones_left_out(client):
    for n in range(MOST_NAMES + 1):
        Territory.objects.create(kind="commune", code=f"91{n:03}", name=f"Commune {n}", folded=fold(f"Commune {n}"))
    codes = ["inconnu", "<script>", *(f"91{n:03}" for n in range(MOST_NAMES + 1))]
    answer = client.get("/carte/noms/insee_commune.json", {"codes": ",".join(codes)})
    names = json.loads(answer.content)
    assert names["91000"] == "Commune 0" and len(names) == MOST_NAMES - 1
    assert "max-age=86400" in answer["Cache-Control"]
    assert client.get("/carte/noms/siret.json", {"codes": "1"}).status_code == 404
