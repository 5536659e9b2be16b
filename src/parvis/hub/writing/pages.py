"""``/pages``: the pages of a site, as drafts of blocks, put online and withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented, Offset
from parvis.hub.pages.selectors import address_of, every_page_of, site_shown
from parvis.hub.pages.services import make_page, publish_page, withdraw_page
from parvis.hub.teams.selectors import organisation_of_site, site_named
from parvis.hub.writing.conditions import entity_tag, require_unchanged
from parvis.hub.writing.router import ERRORS, IF_UNCHANGED, given, refused, router, writer
from parvis.hub.writing.rules import BadCard
from parvis.hub.writing.schemas import PageChange, PageState, PageStates

if TYPE_CHECKING:
    from wagtail.models import Site

    from parvis.hub.pages.models import ThemePage

SiteName = Annotated[
    str, Query(), Documented(_("Le site : son nom d’hôte, sa commune ; le principal si rien n’est dit."))
]
Slug = Annotated[str, Documented(_("Le dernier mot de l’adresse."), maxLength=255, pattern="^[-a-zA-Z0-9_]+$")]


@router.operation(
    "/pages", "listPages", _("Les pages d’un site."), PageStates, url_name="write_pages", errors=(400, 403, 404)
)
def list_pages(request: ApiRequest, site: SiteName = "", offset: Offset = 0) -> PageStates:
    """Drafts as well."""
    _actor, place = _site(request, site, "edit")
    return PageStates.page(every_page_of(place), _state, offset)


@router.operation(
    "/pages/{slug}", "getPage", _("Une page et ses blocs."), PageState, url_name="write_page", errors=(400, 403, 404)
)
def get_page(request: ApiRequest, slug: Slug, site: SiteName = "") -> HttpResponse:
    """As its latest draft has it, with its ETag."""
    _actor, place = _site(request, site, "edit")
    return _answer(_page(place, slug))


@router.operation(
    "/pages/{slug}",
    "putPage",
    _("Créer une page en brouillon, ou en changer le brouillon."),
    PageState,
    url_name="write_page",
    method="PUT",
    errors=(*ERRORS, 428),
    reads=IF_UNCHANGED,
)
def put_page(request: ApiRequest, slug: Slug, body: PageChange, site: SiteName = "") -> HttpResponse:
    """What is online stays until the draft is published; If-Match says which draft this one replaces."""
    actor, place = _site(request, site, "edit")
    values = given(body)
    facts = {name: values[name] or "" for name in ("introduction", "theme") if name in values}
    try:
        with transaction.atomic():
            former = every_page_of(place).filter(slug=slug).select_for_update(of=("self",)).first()
            if former is not None:
                require_unchanged(request, _tag(_whole(former)), former.title, is_needed=True)
            page = make_page(actor, place, slug, body.title, body.body, publish=False, **facts)
    except ValidationError as error:
        raise refused(error) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # blocks that are not of the form of blocks
        raise BadCard(name="body", reason=type(error).__name__) from error
    return _answer(page)


@router.operation(
    "/pages/{slug}/publication",
    "publishPage",
    _("Mettre en ligne le brouillon d’une page."),
    PageState,
    url_name="write_page_publication",
    method="PUT",
    errors=ERRORS,
)
def put_online(request: ApiRequest, slug: Slug, site: SiteName = "") -> PageState:
    """As Wagtail's rights allow the owner of the key."""
    actor, place = _site(request, site, "publish")
    return _state(publish_page(actor, _page(place, slug)))


@router.operation(
    "/pages/{slug}/publication",
    "withdrawPage",
    _("Retirer une page."),
    PageState,
    url_name="write_page_publication",
    method="DELETE",
    errors=ERRORS,
)
def take_offline(request: ApiRequest, slug: Slug, site: SiteName = "") -> PageState:
    """It stays as a draft."""
    actor, place = _site(request, site, "publish")
    return _state(withdraw_page(actor, _page(place, slug)))


def _site(request: ApiRequest, name: str, action: str) -> tuple[Actor, Site]:
    """The site, when it is of an organisation where the key may do this; Wagtail's own rights are asked by the services."""
    actor = writer(request)
    site = site_named(name[:200]) if name else site_shown()
    if site is None:
        raise NotFound(name=name or "site")
    organisation = organisation_of_site(site)
    require(actor, action, organisation.pk if organisation else None, f"écrire les pages de « {site.hostname} »")
    return actor, site


def _page(site: Site, slug: str) -> ThemePage:
    page = every_page_of(site).filter(slug=slug).first()
    if page is None:
        raise NotFound(name=slug)
    return page


def _facts(page: ThemePage) -> dict[str, Any]:
    latest = page.get_latest_revision_as_object()
    return {
        "slug": page.slug,
        "title": latest.title,
        "introduction": latest.introduction,
        "theme": latest.theme,
        "live": page.live,
        "changed": page.has_unpublished_changes or not page.live,
        "url": canonical(address_of(page)),
    }


def _state(page: ThemePage) -> PageState:
    return PageState(**_facts(page))


def _whole(page: ThemePage) -> PageState:
    body = page.get_latest_revision_as_object().body
    return PageState(**_facts(page), body=list(body.get_prep_value()))


def _tag(state: PageState) -> str:
    """Of what somebody writes of a page: that it is put online changes nothing of it."""
    return entity_tag([state.title, state.introduction, state.theme, state.body])


def _answer(page: ThemePage) -> HttpResponse:
    state = _whole(page)
    response = HttpResponse(state.model_dump_json(), content_type="application/json")
    response["ETag"] = _tag(state)
    return response
