"""Both descriptions hold: whatever is asked, no failure of the server, and answers of the form that was told.

``PARVIS_FUZZ_EXAMPLES`` in the environment sets how many questions each address is asked (25 by default, always the
same; more, and they differ from one run to the next).
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from parvis.web.api.description.operations import document
from parvis.web.parvis_api import API

USUAL = 25
EXAMPLES = int(os.environ.get("PARVIS_FUZZ_EXAMPLES", str(USUAL)))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENTS = {"/api/explore/v2.1": document("", "fr"), "/api/parvis/v1": API.document("", "fr")}
KNOWN: dict[str, list[Any]] = {
    "dataset_id": ["arbres-essai", "lieux"],
    "where": [
        "essence = 'Érable'",
        "hauteur > 8",
        "'nord'",
        "hauteur >",
        "absent = 1",
        "distance(position, geom'POINT(1 48)', 5km)",
    ],
    "select": [
        "*",
        "ref, hauteur",
        "count(*) as n, avg(hauteur) as m",
        "year(plantation) as an",
        "title, records_count",
        ",",
    ],
    "group_by": ["essence", "year(plantation)", "range(hauteur, 0, 10, 20)", "usages", "publisher", "("],
    "order_by": ["hauteur desc", "ref", "n", "-modified", "random(1)"],
    "refine": ["essence:Érable", "usages:ombre", "plantation:1998", "publisher:Ville", "essence"],
    "exclude": ["quartier:Nord", "features:geo"],
    "facet": ["essence", "plantation", 'facet(name="usages", sort="alphanum")', "publisher", "absent"],
    "timezone": ["Europe/Paris", "UTC", "Mars/Olympus"],
    "version": ["20260101t000000-aaaaaa"],
    "after": ["*", "", "jeton"],
    "epsg": ["2154", "3857", "EPSG:4326", "1"],
    "include_exports": ["csv,json", "absent"],
    "schema": [
        "scdl/subventions",
        "scdl/deliberations@2.1.5",
        "etalab/schema-irve-statique",
        "absent",
        "http://127.0.0.1/s",
    ],
    "name": ["default", "dcat", "lieux.csv"],
    "q": [
        'SELECT * FROM "arbres-essai"',
        'SELECT count(*) AS n FROM "lieux"',
        "SELECT 1",
        "SELEC",
        "SELECT read_text('/etc/passwd')",
    ],
}
"""Values that mean something."""
TABLE = "nomAttribuant;montant\nVille d’Évry;40 000,00\nDépartement;12.5\n"
"""A body that is a file."""
NOTHING_THERE = {
    "closeRowStream",
    "createActDeposit",
    "createContribution",
    "callSource",
    "createSurveyAnswer",
    "getAct",
    "getActDeposit",
    "getChart",
    "getConflation",
    "getContribution",
    "getDataRequest",
    "getDataService",
    "getDatasetAttachment",
    "getEvent",
    "getFieldFile",
    "getIndicator",
    "getMap",
    "getReuse",
    "getRowStream",
    "getSession",
    "getSurvey",
    "getSurveyAnswer",
    "listRefusedRows",
    "listRowBatches",
    "openRowStream",
    "pushRows",
    "restoreRows",
    "undoRowBatch",
}
"""What the portal of these two datasets has none of: only refusals are asked of these here."""


WRITING = 8
"""Questions asked to each operation that writes, with a key that may: each import is real work."""
WRITTEN: dict[str, list[Any]] = {
    "dataset_id": ["demande"],
    "organisation": ["questions"],
    "slug": ["questions", "absente"],
    "upload": ["absent"],
    "url": ["http://127.0.0.1/a.csv"],
    "territory": [""],
    "expires": [(datetime.now(UTC) + timedelta(days=3)).date().isoformat()],
    "scope": ["read", "write"],
    "siren": ["200057859"],
    "dialect": ["file"],
    "schedule": ["", "chaque nuit à 3 h", "bientôt"],
    "options": [{}],
    "filters": [{}, {"theme": ["Eau"]}],
    "mapping": [{}],
    "default_licence": ["", "odbl"],
    "If-Match": ["*"],
    "email": ["une.personne@essais.example"],
    "datasets": [[]],
    "themes": [["mobility"], []],
    "territories": [[]],
}
"""Values that mean something there."""
NEVER_WRITTEN = {
    "abandonUpload",
    "appendUpload",
    "cancelImport",
    "changeDatasets",
    "closeDeliveryLinks",
    "compareDatasetVersions",
    "confirmRun",
    "createExpectation",
    "createKey",
    "createOrganisation",
    "createService",
    "createUpload",
    "createWebhook",
    "decideReceivedFile",
    "decideTwin",
    "deleteService",
    "getExpectation",
    "getImport",
    "getLimits",
    "getPage",
    "getRun",
    "getServiceCard",
    "getSetAside",
    "getSource",
    "getUpload",
    "importAgain",
    "importVersion",
    "joinTeam",
    "leaveTeam",
    "listPages",
    "listReceivedFiles",
    "listRunItems",
    "listRuns",
    "listTeam",
    "listTwins",
    "moveDue",
    "openDeliveryLink",
    "previewSavedSource",
    "previewSource",
    "publishPage",
    "publishService",
    "putAttachment",
    "putPage",
    "putRecipe",
    "removeAttachment",
    "removeExpectation",
    "removeRole",
    "removeSource",
    "removeWebhook",
    "restoreCardRevision",
    "resumeRun",
    "revokeKey",
    "rotateWebhookSecret",
    "runSource",
    "setAccountOpen",
    "setLimits",
    "setRole",
    "stopRun",
    "testWebhook",
    "tryRecipe",
    "updateExpectation",
    "updateService",
    "updateSource",
    "updateWebhook",
    "withdrawPage",
    "withdrawService",
}
"""What takes an identifier that only another answer gives, or a right that the key has not."""


@schemathesis.serializer("application/offset+octet-stream")
def _piece(_context: Any, value: Any) -> bytes:
    """A piece of a file, as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@lru_cache(maxsize=4)
def _schema(address: str) -> Any:
    with urllib.request.urlopen(address) as answer:
        return schemathesis.openapi.from_dict(json.load(answer))


@lru_cache(maxsize=1)
def _record_ids(served: str) -> list[str]:
    """The identifiers of the first record of each dataset."""
    ids = []
    for name in KNOWN["dataset_id"]:
        address = f"{served}/api/explore/v2.1/catalog/datasets/{name}/records?limit=1&include_app_metas=true"
        with urllib.request.urlopen(address) as answer:
            ids += [row["_id"] for row in json.load(answer)["results"]]
    return ids


def _meant(case: Any, values_by_name: dict[str, list[Any]], draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    """Put values that mean something in the place of most of those of the case (nearly all in the path)."""
    for place, often in ((case.path_parameters, 9), (case.query, 6), (case.headers, 6), (case.body, 6)):
        if isinstance(place, MutableMapping):
            for name in sorted(values_by_name.keys() & set(place)):
                if draw(st.integers(0, 9)) < often:
                    value = draw(st.sampled_from(values_by_name[name]))
                    place[name] = [value] if isinstance(place[name], list) else value
    if isinstance(case.body, str) and draw(st.booleans()):
        case.body = draw(st.sampled_from([*values_by_name["q"], TABLE]))


OPERATIONS = [
    (base, path, method, operation["operationId"])
    for base, document in DOCUMENTS.items()
    for path, operations in document["paths"].items()
    for method, operation in operations.items()
]


TURNS = {"publishDataset": -1, "revokeKey": 1}


@pytest.mark.parametrize(
    ("base", "path", "method"),
    # A dataset is published first, before others take from its card what that needs; keys are revoked last, that of the others among them.
    [pytest.param(*row[:3], id=row[3]) for row in sorted(OPERATIONS, key=lambda row: TURNS.get(row[3], 0))],
)
def test_answers_are_as_described(served: str, asker: str, base: str, path: str, method: str):
    operation = DOCUMENTS[base]["paths"][path][method]
    described = _schema(f"{served}{base}/openapi.json")[path][method]
    writes = operation["tags"] == ["writing"]
    headers = {"Authorization": f"Apikey {asker}"} if writes else {}

    values_by_name = {**KNOWN, "record_id": _record_ids(served), **(WRITTEN if writes else {})}
    statuses = set()

    @given(case=described.as_strategy(), data=st.data())
    @settings(
        max_examples=WRITING if writes and EXAMPLES == USUAL else EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES == USUAL,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case, data):
        _meant(case, values_by_name, data.draw)
        answer = case.call_and_validate(base_url=served + base, checks=CHECKS, timeout=60, headers=headers)
        statuses.add(answer.status_code)

    ask()
    assert statuses & {200, 201, 204} or operation["operationId"] in NOTHING_THERE | NEVER_WRITTEN, statuses
