"""Pictures of the reuses of a former portal: written again here, or told; a reuse comes without one all the same."""

import io

from PIL import Image

from parvis.domains.reuses.models import Reuse
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.moving import pages
from parvis.hub.moving.tests.whole_portal import rest


def picture(width: int, kind: str = "PNG") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (width, width // 2), (10, 120, 90)).save(body, kind)
    return body.getvalue()


def test_the_picture_of_a_reuse_comes_written_again_and_what_is_none_is_told(far, move, key, monkeypatch):
    monkeypatch.setattr(pages, "PICTURE_BYTES", 60_000)
    far.serve("/media/carte.png", picture(2_400))
    far.serve("/media/piege.png", b"<svg onload=alert(1)>" * 100)
    far.serve("/media/lourd.png", b"\x89PNG\r\n\x1a\n" + b"0" * 70_000)
    far.portal.answers["/media/absent.png"] = lambda handler: reply(handler, b"", 404)
    names = ("carte", "piege", "lourd", "absent", "")
    far.lists["/api/v2/catalog/datasets/velos/reuses"] = [
        {
            "id": rank,
            "title": f"Réutilisation {name}",
            "url": f"https://exemple.fr/{rank}",
            "thumbnail": name and f"/media/{name}.png",
        }
        for rank, name in enumerate(names, 1)
    ]
    parts = rest(move(*key, "--without", "users,groups,pages,filters,drawings,portals,counts")[1])
    assert {parts["reuses", str(rank)]["state"] for rank in range(1, 6)} == {"waits"}
    reuses = {reuse.title.partition(" ")[2]: reuse for reuse in Reuse.objects.all()}
    assert {name: bool(reuse.picture) for name, reuse in reuses.items()} == {name: name == "carte" for name in names}
    with reuses["carte"].picture.open() as stream, Image.open(stream) as image:
        assert (image.format, image.size) == ("WEBP", (1_200, 600))
    assert not any(reuse.live for reuse in reuses.values())
    notes = {name: " ".join(parts["reuses", str(rank)]["notes"]) for rank, name in enumerate(names, 1)}
    assert "dites ce que montre l’image « carte.png »" in notes["carte"]
    for name in ("piege", "lourd", "absent"):
        assert f"« {name}.png » n’est pas venu" in notes[name], notes[name]
    assert "venu" not in notes[""]
    rest(move(*key, "--without", "users,groups,pages,filters,drawings,portals,counts")[1])
    assert Reuse.objects.count() == 5
