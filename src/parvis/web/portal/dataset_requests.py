"""The same request of a dataset's rows, written for several tools: one row each, run by a test where the tool is there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What is asked: the address of the dataset in the API, and a condition or an empty text."""

    base: str
    where: str

    @property
    def names(self) -> dict[str, str]:
        """What the texts call things, in the language of the page: plain letters, as a program has them."""
        return dict(zip(("address", "answer", "rows", "row"), _("adresse reponse lignes ligne").split(), strict=True))


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its name in the page, its title, what to do with the text, and how the text is written."""

    name: str
    title: str
    words: Promise | str
    write: Callable[[ApiRequest], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """The request for one tool."""

    tool: Tool
    text: str


def samples(base: str, where: str) -> list[Sample]:
    """The request for every tool; ``base`` is a full address."""
    return [Sample(tool, tool.write(ApiRequest(base, where))) for tool in TOOLS]


def _curl(call: ApiRequest) -> str:
    condition = f" \\\n  --data-urlencode {shlex.quote(f'where={call.where}')}" if call.where else ""
    return f"curl --get {shlex.quote(f'{call.base}/records')}{condition} \\\n  --data-urlencode 'limit=10'"


def _python(call: ApiRequest) -> str:
    condition = f'"where": {_quoted(call.where)}, ' if call.where else ""
    answer, row = call.names["answer"], call.names["row"]
    return f"""import requests

{answer} = requests.get(
    {_quoted(f"{call.base}/records")},
    params={{{condition}"limit": 100}},
    timeout=30,
)
{answer}.raise_for_status()
for {row} in {answer}.json()["results"]:
    print({row})"""


def _javascript(call: ApiRequest) -> str:
    address, answer = call.names["address"], call.names["answer"]
    condition = f'{address}.searchParams.set("where", {_quoted(call.where)});\n' if call.where else ""
    return f"""const {address} = new URL({_quoted(f"{call.base}/records")});
{condition}{address}.searchParams.set("limit", "100");
const {answer} = await fetch({address});
if (!{answer}.ok) throw new Error(await {answer}.text());
const {{ total_count, results }} = await {answer}.json();
console.log(total_count, results);"""


def _r(call: ApiRequest) -> str:
    address, rows = call.names["address"], call.names["rows"]
    condition = f',\n  "?where=", URLencode({_quoted(call.where)}, reserved = TRUE)' if call.where else ""
    return f"""{address} <- paste0(
  {_quoted(f"{call.base}/exports/csv")}{condition}
)
{rows} <- read.csv({address}, sep = ";", fileEncoding = "UTF-8-BOM", check.names = FALSE)
print({rows})"""


def _power_query(call: ApiRequest) -> str:
    condition = f", [Query = [where = {_m(call.where)}]]" if call.where else ""
    return f"""let
    Source = Web.Contents({_m(f"{call.base}/exports/csv")}{condition}),
    Table = Csv.Document(Source, [Delimiter = ";", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
    Lignes = Table.PromoteHeaders(Table, [PromoteAllScalars = true])
in
    Lignes"""


def _quoted(text: str) -> str:
    """A text in double quotes, as Python, JavaScript and R read it."""
    return json.dumps(text, ensure_ascii=False)


def _m(text: str) -> str:
    """A text as the M language of Power Query reads it: quotes doubled, ``#(`` being its own escape."""
    plain = text.replace("#(", "#(#)(").replace('"', '""').replace("\n", "#(lf)").replace("\r", "#(cr)")
    return f'"{plain}"'


TOOLS = (
    Tool("curl", "curl", "", _curl),
    Tool("python", "Python", "", _python),
    Tool("javascript", "JavaScript", "", _javascript),
    Tool("r", "R", "", _r),
    Tool(
        "excel",
        "Excel, Power BI",
        gettext_lazy(
            "Dans Excel : Données, Obtenir des données, À partir d’autres sources, Requête vide ; puis Éditeur avancé, "
            "où coller ce texte (Power Query)."
        ),
        _power_query,
    ),
)
"""Every tool of the page."""
