"""Pages, as a search finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from parvis.core.metadata import THEME_BY_SLUG
from parvis.hub.accounts.rules import Actor
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.selectors import address_of, pages_of, site_shown
from parvis.hub.registry import Link
from parvis.hub.search.rules import Hit, SearchDocument, SearchKind, in_order
from parvis.hub.ui.formatting import plain_text

PAGE = "page"


def _documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
    pages = ThemePage.objects.live().public()
    for page in (pages if keys is None else pages.filter(pk__in=keys)).iterator(chunk_size=200):
        words = [plain_text(str(text)) for text in page.body.stream_block.get_searchable_content(page.body)]
        yield SearchDocument(
            kind=PAGE,
            key=page.pk,
            title=page.title,
            text=" ".join([page.introduction, page.search_description, *words]),
            keywords=(str(THEME_BY_SLUG[page.theme].label),) if page.theme in THEME_BY_SLUG else (),
            modified=page.last_published_at,
        )


def _hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
    site = site_shown()
    pages = pages_of(site).filter(pk__in=keys) if site is not None else ()
    return [
        Hit(page.slug, page.title, page.introduction, "", address_of(page), key=page.pk)
        for page in in_order(pages, keys)[:most]
    ]


PAGES = SearchKind(
    name=PAGE,
    label=_("Pages"),
    model=ThemePage,
    documents=_documents,
    hits=_hits,
    page=Link(_("Pages"), "pages"),
    place="pages",
    rank=10,
)
