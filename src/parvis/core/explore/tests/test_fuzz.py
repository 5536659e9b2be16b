"""Questions written at random from the grammar, some with a letter changed: each is answered or refused, never a failure.

``PARVIS_FUZZ`` in the environment sets how many are asked (3,000 by default) and ``PARVIS_FUZZ_SEED`` which ones.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace

from parvis.core.engine.errors import QueryRefused
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, records
from parvis.core.explore.tests.conftest import COLUMNS
from parvis.core.odsql.functions import FUNCTIONS

FIELDS = [column.name for column in COLUMNS]
LITERALS = [
    *("1", "-5", "0", "2.5", "1e3", "99999999999", "9" * 25, "true", "false", "null", "5km", "now()", "now(days=-1)"),
    *(
        '"Évry"',
        "'sport'",
        '"2020-01-01"',
        '"12"',
        '""',
        '"%a"',
        '"dd/MM EEEE"',
        "date'2012'",
        "date'2020-03-04T05:06:07Z'",
    ),
    *("geom'POINT(2 48)'", "geom'POLYGON((2 48,3 48,3 49,2 48))'", "geom'POINT(('"),
]
RANGES = ["10", "1 day", "0.5", "*, 10, 20, *", "5m", "]1, 5[", "date'2012', *", "3 M", "250 ms", "*, 1, *"]
LETTERS = ["", "(", ")", "'", '"', "`", "\x00", "😀", ";", "--", "\\", " or ", ",", "\ud800"]


class Writer:
    """Text after text from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.pick = self.chance.choice

    def expression(self, depth: int = 0) -> str:
        kind = self.chance.random()
        if depth > 2 or kind < 0.45:
            return self.pick(FIELDS)
        if kind < 0.58:
            return self.pick(LITERALS)
        if kind < 0.68:
            return f"({self.expression(depth + 1)} {self.pick('+-*/')} {self.expression(depth + 1)})"
        if kind < 0.72:
            return f"-{self.expression(depth + 1)}"
        return self.call(depth)

    def call(self, depth: int) -> str:
        name = self.pick([*FUNCTIONS, "bogus"])
        if name == "range":
            return f"range({self.expression(depth + 1)}, {self.pick(RANGES)})"
        if name == "geo_cluster":
            return f"geo_cluster({self.pick(FIELDS)}, {self.chance.randint(-1, 26)}{self.pick(['', ', radius=5'])})"
        if name == "count" and self.chance.random() < 0.6:
            return self.pick(["count(*)", f"count(distinct {self.expression(depth + 1)})"])
        form = self.pick(FUNCTIONS.get(name, FUNCTIONS["length"]))
        count = len(form.takes) if self.chance.random() < 0.9 else self.pick([0, 1, 2, 5])
        return f"{name}({', '.join(self.expression(depth + 1) for _ in range(count))})"

    def condition(self, depth: int = 0) -> str:
        kind = self.chance.random()
        if depth < 3 and kind < 0.2:
            return f"({self.condition(depth + 1)} {self.pick(['and', 'or'])} {self.condition(depth + 1)})"
        if depth < 3 and kind < 0.3:
            return f"not {self.condition(depth + 1)}"
        expression, literal = self.expression(), self.pick(LITERALS)
        return self.pick(
            [
                f"{expression} {self.pick(['=', '!=', '<', '>', '<=', '>=', ':'])} {self.expression()}",
                f"{expression} in {self.pick('[]')}{literal}{self.pick(['..', ' to '])}{literal}{self.pick('[]')}",
                f"{expression} in ({literal}, {self.pick(LITERALS)})",
                f"{literal} in {expression}",
                f"{expression} is {self.pick(['null', 'not null', 'true', 'not false'])}",
                f"{expression} like {literal}",
                f"{self.pick(['search', 'suggest', 'startswith'])}({self.pick(['', '*, ', 'nom, themes, '])}{literal})",
                self.pick([expression, literal]),
            ]
        )

    def changed(self, text: str) -> str:
        if self.chance.random() > 0.05:
            return text
        place = self.chance.randrange(len(text))
        return text[:place] + self.pick(LETTERS) + text[place + 1 :]

    def items(self, endings: list[str]) -> str:
        return self.changed(", ".join(self.expression() + self.pick(endings) for _ in range(self.chance.randint(1, 3))))

    def request(self) -> ExploreRequest:
        often = self.chance.random
        return ExploreRequest(
            where=(self.changed(self.condition()),) if often() < 0.6 else (),
            select=self.items(["", " as a", " as `b`"]) if often() < 0.6 else "*",
            group_by=self.items(["", " as g"]) if often() < 0.3 else "",
            order_by=self.items(["", " desc"]) if often() < 0.4 else "",
            timezone=self.pick(["UTC", "Europe/Paris", "America/New_York"]),
            lang=self.pick(["fr", "de", "ar"]),
            after="*" if often() < 0.2 else None,
            include_app_metas=often() < 0.2,
            limit=self.pick([0, 1, 5, 100]),
        )


def test_no_question_makes_the_engine_fail(engine, source):
    writer = Writer(int(os.environ.get("PARVIS_FUZZ_SEED", "1")))
    answered = 0
    for _ in range(int(os.environ.get("PARVIS_FUZZ", "3000"))):
        request = writer.request()
        try:
            page = records(engine, source, request)
            json.dumps(page.results, allow_nan=False)
            if page.after:
                records(engine, source, replace(request, after=page.after))
            answered += 1
        except (RequestError, QueryRefused) as error:
            assert error.message("en")
        except Exception as error:
            raise AssertionError(request) from error
    assert answered > 100
