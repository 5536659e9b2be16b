"""Questions of which nothing is known but that they must be answered or refused: from the whole grammar, or spoilt."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes, urlencode

from fuzzing.hostile import Hostile
from fuzzing.oracle import BASE
from fuzzing.rows import ASKED, HIDDEN, NEIGHBOUR
from parvis.core.explore import EXPORT_FORMATS, ExploreRequest
from parvis.core.explore.tests.test_fuzz import Writer

HOSTILE_SHARE = 0.25
"""Of the questions from the whole grammar, those made to hold the engine."""

_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>\\^`{|}')
_CATALOGUE = ("title", "records_count", "modified", "theme", "publisher", "keyword", "dataset_id", "visibility")
_TECHNICAL = {"nom": "recordid", "rang": "record_size", "instant": "record_timestamp", "themes": "datasetid"}
_PIECES = (
    *(
        b"\x00",
        b"\xff",
        b"\xc3",
        b"'",
        b'"',
        b"`",
        b"(",
        b")",
        b"\\",
        b"%",
        b";",
        b"--",
        b"/*",
        b"\r\n",
        b"\xed\xa0\x80",
    ),
    *(b" or 1=1", b" union select ", b"$$", b"{}", b"[", b"]", b"..", b"null", b"1e309", b"9" * 40, "😀‮".encode()),
    *(NEIGHBOUR.encode(), HIDDEN.encode(), b"read_text('/etc/passwd')", b"*", b"+", b"-", b"#", b"&where=", b"=", b"?"),
)


class Wild:
    """Writes targets of requests from one source of chance."""

    def __init__(self, chance: random.Random, seed: int) -> None:
        self.chance = chance
        self.pick = chance.choice
        self.writer = Writer(seed)

    def written(self) -> str:
        """A question from the whole grammar, at one of many addresses."""
        if self.chance.random() < HOSTILE_SHARE:
            return Hostile(self.chance).written()
        request = self.writer.request()
        return self.pick([self._records, self._records, self._other, self._export, self._catalogue])(request)

    def _records(self, request: ExploreRequest) -> str:
        return _target(f"{BASE}/records", _pairs(request))

    def _export(self, request: ExploreRequest) -> str:
        pairs = [(name, value) for name, value in _pairs(request) if name != "after"]
        return _target(f"{BASE}/exports/{self.pick([row.name for row in EXPORT_FORMATS])}", pairs)

    def _other(self, request: ExploreRequest) -> str:
        where = request.where[0] if request.where else ""
        facet = self.pick(["nom", "themes", "jour", 'facet(name="jour", sort="-count")', self.writer.expression()])
        path, pairs = self.pick(
            [
                (f"{BASE}/facets", [("facet", facet), ("where", where)]),
                (f"/api/explore/v2.0/catalog/datasets/{ASKED}/records", self._technical(request)),
                (f"/api/explore/v2.0/catalog/datasets/{ASKED}/aggregates", self._technical(request)),
                (f"/api/explore/v2.0/catalog/datasets/{ASKED}/exports/csv", self._technical(request)),
                (f"/api/explore/v2.1/{self.pick(['shared', 'monitoring'])}/datasets", _pairs(request)),
                ("/api/records/1.0/search/", [("dataset", ASKED), ("q", where), ("sort", self.pick(["rang", "-nom"]))]),
                ("/api/records/1.0/analyze/", [("dataset", ASKED), ("x", "nom"), ("y.a.func", "COUNT"), ("q", where)]),
                (f"/ogc/collections/{ASKED}/items", [("f", "json"), ("filter", where), ("rang", "5"), ("limit", "3")]),
                (f"/tiles/{ASKED}/{self.pick(['0/0/0', '9/259/175', '5/16/11'])}.mvt", [("where", where)]),
                (f"/explore/dataset/{ASKED}/table/", [("where", where), ("q", where), ("sort", "-rang")]),
            ]
        )
        return _target(path, pairs)

    def _technical(self, request: ExploreRequest) -> list[tuple[str, str]]:
        names = self.pick([{}, _TECHNICAL])
        return [(name, _renamed(value, names)) for name, value in _pairs(request) if name != "after"]

    def _catalogue(self, request: ExploreRequest) -> str:
        names = dict(zip(("nom", "rang", "instant", "themes", "jour", "ouvert"), _CATALOGUE, strict=False))
        pairs = [(name, _renamed(value, names)) for name, value in _pairs(request) if name != "after"]
        path = self.pick(["datasets", "datasets", "facets", "exports/json", "exports/csv", "exports/rss"])
        return _target(f"/api/explore/v2.1/catalog/{path}", pairs)

    def spoilt(self, target: str) -> str:
        """The target with bytes of its values changed, or letters of the address itself."""
        if self.chance.random() < 0.25:
            return self._letters(target)
        path, _mark, query = target.partition("?")
        pairs = [pair.partition("=") for pair in query.split("&") if pair]
        if not pairs or self.chance.random() < 0.1:
            pieces = [self._bytes(unquote_to_bytes(piece)) if piece == ASKED else piece for piece in path.split("/")]
            return "/".join(quote(piece, safe=_SAFE.replace("/", "")) for piece in pieces) + f"?{query}"
        chosen = self.chance.randrange(len(pairs))
        return f"{path}?" + "&".join(
            f"{name}={quote(self._bytes(unquote_to_bytes(value.replace('+', ' ')))) if n == chosen else value}"
            for n, (name, _equal, value) in enumerate(pairs)
        )

    def _bytes(self, data: bytes) -> bytes:
        for _ in range(self.chance.randint(1, 4)):
            at = self.chance.randint(0, len(data))
            piece = self.pick(
                [
                    bytes([self.chance.randrange(256)]),
                    self.pick(_PIECES),
                    data[at : at + self.chance.randint(1, 12)] * self.pick([1, 2, 40]),
                    self.pick([b"(", b"-", b"not ", b"["]) * self.pick([3, 300]),
                    b"",
                ]
            )
            data = data[:at] + piece + data[at + self.chance.randint(0, 5) :]
        return data[:3000]

    def _letters(self, target: str) -> str:
        for _ in range(self.chance.randint(1, 3)):
            at = self.chance.randint(1, len(target))
            piece = self.pick([self.pick(_SAFE), "%", "%ff", "%00", "&", "=", "", f"/{HIDDEN}", "&select=", "&after=*"])
            target = target[:at] + piece + target[at + self.chance.randint(0, 2) :]
        return target


def _pairs(request: ExploreRequest) -> Iterator[tuple[str, str]]:
    yield from (("where", text) for text in request.where)
    for name in ("select", "group_by", "order_by", "timezone", "lang", "after"):
        if value := getattr(request, name):
            yield name, value
    yield "limit", str(request.limit)
    if request.include_app_metas:
        yield "include_app_metas", "true"


def _renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def _target(path: str, pairs: object) -> str:
    encoded = [(name, value.encode(errors="surrogatepass")) for name, value in pairs]  # type: ignore[attr-defined]
    return f"{path}?{urlencode(encoded)}"
