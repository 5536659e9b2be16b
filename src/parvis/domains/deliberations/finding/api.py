"""``/api/parvis/v1/deliberations/recherche``: the search of acts for programs, as its page is."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from parvis.domains.deliberations.api import router
from parvis.domains.deliberations.finding import results
from parvis.domains.deliberations.finding.forms import MOST_WORDS, REACHES
from parvis.domains.deliberations.finding.library import LIBRARY
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Body, Count, Day, Documented, Uri

PAGE_ROWS = 20
MOST_PAGES = 500

Words = Annotated[str, Field(max_length=MOST_WORDS)]
Values = Annotated[list[str], Field(max_length=20)]


class ActSearch(Body):
    """What is looked for; everything may be left out."""

    q: Annotated[
        Words, Documented(_("Les mots, comme dans la page : expressions entre guillemets, -sans, OU, PRES/5, objet:."))
    ] = ""
    exact: Annotated[Words, Documented(_("Une expression exacte."))] = ""
    un: Annotated[Words, Documented(_("Au moins un de ces mots."))] = ""
    sans: Annotated[Words, Documented(_("Aucun de ces mots."))] = ""
    organisation: Annotated[Values, Documented(_("Identifiants d’organisations, dont l’une suffit."))] = []
    annee: Annotated[Values, Documented(_("Années."))] = []
    matiere: Annotated[Values, Documented(_("Matières @ctes, à un ou deux niveaux : « 7 », « 7.5 »."))] = []
    document: Annotated[Values, Documented(_("Natures du document."))] = []
    issue: Annotated[Values, Documented(_("Issues du vote."))] = []
    assemblee: Annotated[Values, Documented(_("Assemblées."))] = []
    rapporteur: Annotated[Values, Documented(_("Rapporteurs."))] = []
    personne: Annotated[Values, Documented(_("Personnes que l’acte nomme : rapporteur, signataire, présents."))] = []
    lieu: Annotated[Values, Documented(_("Lieux que l’acte nomme."))] = []
    lecture: Annotated[Values, Documented(_("« illisible », « en-partie »."))] = []
    du: Annotated[str, Documented(_("La première date."), format="date")] = ""
    au: Annotated[str, Documented(_("La dernière date."), format="date")] = ""
    min: Annotated[str, Documented(_("Le montant le plus petit, en euros."))] = ""
    max: Annotated[str, Documented(_("Le montant le plus grand, en euros."))] = ""
    autour: Annotated[str, Field(max_length=120), Documented(_("Une adresse, ou « latitude, longitude »."))] = ""
    rayon: Annotated[
        str, Documented(_("Mètres autour de l’adresse."), enum=["", *(str(far) for far, _words in REACHES)])
    ] = ""
    tri: Annotated[str, Documented(_("L’ordre."), enum=["", *(sort.name for sort in LIBRARY.sorts)])] = ""
    page: Annotated[int, Field(ge=1, le=MOST_PAGES), Documented(_("La page, à partir de 1 : vingt actes chacune."))] = 1


class ActExtract(Body):
    """A passage that has what was looked for."""

    text: str
    marked: Annotated[list[str], Documented(_("Ce qui y a été trouvé, dans l’ordre."))]
    page: Count
    file_url: Uri
    text_url: Uri


class ActFound(Body):
    """An act that was found."""

    slug: str
    title: str
    number: str
    date: Day | None
    kind: str
    matter: str
    outcome: str | None
    organisation: str
    organisation_name: str
    url: Uri
    around: Annotated[str, Documented(_("Pourquoi il est autour de l’adresse, quand il en est demandé une."))]
    extracts: list[ActExtract]


class ActFacetValue(Body):
    """A value, and how many of the acts have it."""

    value: str
    label: str
    count: Count


class ActFacet(Body):
    """A filter with its values, the most frequent first."""

    name: str
    label: str
    values: list[ActFacetValue]


class ActSearchResult(Body):
    """A page of what was found."""

    total_count: Count
    understood: Annotated[list[str], Documented(_("Comment les mots ont été compris."))]
    refused: Annotated[list[str], Documented(_("Les champs dont la valeur n’a pas de sens, laissés de côté."))]
    suggestion: str
    unreadable: Annotated[Count, Documented(_("Actes que leurs mots ne trouvent pas : illisibles."))]
    unreadable_in_part: Count
    results: list[ActFound]
    facets: list[ActFacet]


@router.operation(
    "/deliberations/recherche",
    "searchActs",
    _("Chercher dans le texte des actes en ligne."),
    ActSearchResult,
    url_name="act_search_api",
    errors=(400, 422),
)
def search(request: ApiRequest, question: Query[ActSearch]) -> ActSearchResult:
    """One page of the acts that answer, with their passages, and the facets."""
    query = ActQuery.read(request.auth, _fields(question))
    result = results.found_by(query, page=question.page, page_size=PAGE_ROWS)
    silent = results.silent_among(query, "")
    return ActSearchResult(
        total_count=result.total,
        understood=results.understood(query),
        refused=[*query.form.errors, *(["autour"] if query.is_lost else [])],
        suggestion=result.suggestion,
        unreadable=silent.unreadable if silent else 0,
        unreadable_in_part=silent.partly if silent else 0,
        results=[_found(shown) for shown in results.shown_acts(query, result.keys)],
        facets=[_facet(panel) for panel in results.panels(query, result, "")],
    )


def _fields(question: ActSearch) -> QueryDict:
    rows: dict[str, Any] = question.model_dump(exclude={"page"})
    return QueryDict(urlencode({name: value for name, value in rows.items() if value}, doseq=True))


def _found(shown: results.ShownAct) -> ActFound:
    act = shown.act
    return ActFound(
        slug=act.slug,
        title=act.title,
        number=act.number,
        date=act.date.isoformat() if act.date else None,
        kind=act.kind,
        matter=act.matter,
        outcome=act.outcome or None,
        organisation=act.organisation.slug,
        organisation_name=act.organisation.name,
        url=canonical(act.get_absolute_url()),
        around=shown.reason,
        extracts=[_extract(extract) for extract in shown.extracts],
    )


def _extract(extract: results.ShownExtract) -> ActExtract:
    return ActExtract(
        text=extract.text,
        marked=[text for text, is_hit in extract.parts if is_hit],
        page=extract.page,
        file_url=canonical(extract.file_address),
        text_url=canonical(extract.text_address),
    )


def _facet(panel: results.Panel) -> ActFacet:
    values = [ActFacetValue(value=value.value, label=value.label, count=value.count) for value in panel.values]
    return ActFacet(name=panel.name, label=str(panel.label), values=values)
