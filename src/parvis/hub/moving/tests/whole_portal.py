"""A portal with all that it has besides datasets: people, groups, pages, rules, reuses, what tabs show."""

import base64
import json
from collections import Counter
from urllib.parse import parse_qs, urlsplit

from parvis.core.charts.questions import GROUP, VALUE
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.harvesting.tests.far_portal import KEY, PNG, FarPortal, rows

AUTOMATION = "/api/automation/v1.0"
CHART = {
    "queries": [{"charts": [{"type": "column", "func": "COUNT"}], "xAxis": "code", "config": {"dataset": "velos"}}]
}
FRAME = base64.b64encode(json.dumps(CHART).encode()).decode()
HTML = f"""
<style>p {{ color: red }}</style><script>alert("non")</script>
<h1>Le vélo</h1><p>Des mots <a href="javascript:alert(1)">piégés</a> et <a href="/pages/autre/">une page</a>.</p>
<img src="/assets/velo.png" alt="Un vélo">
<ods-dataset-context context="ctx,loin" ctx-dataset="velos" ctx-parameters="{{'refine.code': '01001'}}"
    loin-dataset="absent" >
  <ods-table context="ctx" displayed-fields="code,nombre"></ods-table>
  <ods-chart><ods-chart-query context="ctx" field-x="code"><ods-chart-serie chart-type="column" function-y="SUM"
     expression-y="nombre"></ods-chart-serie></ods-chart-query></ods-chart>
  <ods-table context="loin"></ods-table>
  <ods-gauge context="ctx" value="ctx.nhits"></ods-gauge>
</ods-dataset-context>
<iframe src="/explore/embed/dataset/velos/analyze/?dataChart={FRAME}"></iframe>
"""


class WholePortal(FarPortal):
    """A portal with people, groups, pages, rules and reuses, which answers the rest to a key that may alone."""

    def __init__(self, portal) -> None:
        super().__init__(portal)
        self.lists: dict[str, list] = {}
        self.may = KEY
        self.is_stuck = False
        """Whether lists give their first page for ever."""

    def lay(self, path: str, results: list, *, is_open: bool = False) -> None:
        """A list at that path, by pages, for who may."""
        self.lists[path] = results

        def answer(handler) -> None:
            if not is_open and handler.headers.get("Authorization") != self.may:
                reply(handler, b'{"error_key": "Forbidden"}', 403)
                return
            everything = self.lists[path]
            query = parse_qs(urlsplit(handler.path).query)
            start = 0 if self.is_stuck else int(query.get("offset", ["0"])[0])
            body = {"total_count": len(everything), "results": everything[start : start + 100]}
            reply(handler, json.dumps(body).encode(), Content_Type="application/json")

        self.portal.answers[path] = answer

    def fill(self) -> None:
        """All of it."""
        row = self.add("velos", rows(6), source_domain="enfant.exemple.fr", source_domain_title="Le petit portail")
        row["metas"]["explore"] = {"download_count": 12, "api_call_count": 345, "other": "x"}
        self.add("prive", rows(4))
        self.groups["velos"] = [
            {GROUP: value, VALUE: count} for value, count in Counter(r["code"] for r in rows(6)).items()
        ]
        self.serve("/assets/velo.png", PNG)
        self.lay(f"{AUTOMATION}/users/", USERS)
        self.lay(
            f"{AUTOMATION}/groups/",
            [{"uid": "g", "title": "Agents", "permissions": ["publish_dataset"], "user_count": 1}],
        )
        self.lay(f"{AUTOMATION}/code_editor_pages/", [page("velo", HTML), page("Budget.2024", "<p>Des sous</p>")])
        self.lay(f"{AUTOMATION}/studio_pages/", [{"uid": "s", "slug": "tableau", "title": {"fr": "Tableau"}}])
        everything = {"is_data_visible": True, "visible_fields": ["*"], "filter_query": ""}
        hidden = {"is_data_visible": True, "visible_fields": ["code"], "filter_query": "code:01001"}
        self.lay(
            f"{AUTOMATION}/datasets/",
            [
                {"dataset_id": "velos", "uid": "da_1", "default_security": everything},
                {"dataset_id": "prive", "uid": "da_2", "default_security": hidden},
            ],
        )
        for uid in ("da_1", "da_2"):
            self.lay(f"{AUTOMATION}/datasets/{uid}/security/users/", [])
            self.lay(f"{AUTOMATION}/datasets/{uid}/security/groups/", [])
        rule = {"group": {"uid": "g"}, "security": everything, "permissions": ["edit_dataset"]}
        self.lists[f"{AUTOMATION}/datasets/da_2/security/groups/"] = [rule]
        own = {"id": 7, "title": "Une carte", "url": "https://carte.exemple.fr/", "description": "Elle montre tout."}
        self.lay(
            "/api/v2/catalog/datasets/velos/reuses",
            [own, {"id": 8, "title": "Sans adresse", "url": "ftp://x"}],
            is_open=True,
        )
        self.lay("/api/v2/catalog/datasets/prive/reuses", [], is_open=True)


USERS = [
    {"email": "Lea@exemple.fr", "first_name": "Léa", "last_name": "B", "permissions": [], "groups": [{"uid": "g"}]},
    {"email": "tom@exemple.fr", "permissions": ["edit_domain"], "is_active": False},
    {"email": "=cmd@exemple.fr", "permissions": ["create_dataset"]},
    {"username": "sans adresse"},
]


def page(slug: str, html: str) -> dict:
    return {"slug": slug, "title": {"fr": f"Page {slug}", "en": "Page"}, "content": {"html": {"fr": html}}, "tags": []}


def rest(facts) -> dict[tuple[str, str], dict]:
    """The things of a report, by kind and name there."""
    return {(row["kind"], row["there"]): row for row in facts["report"]["rest"]["parts"]}
