"""The menus of a site: what the portal has, or what those who administer the site chose, as links of the site that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest

from parvis.hub.addresses import absolute_path, without_prefix
from parvis.hub.caches import fresh
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.menu_targets import Room, rooms
from parvis.hub.sites.models import SiteMenus
from parvis.hub.sites.places import place_of


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a menu before it is told to a site: a room of the portal by name, or a label with a path or an address."""

    label: Any
    target: str
    room: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether it leads to another portal."""
        return bool(urlsplit(self.target).scheme)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu as a page shows it; ``current`` is what ``aria-current`` says of it, empty elsewhere."""

    label: Any
    address: str
    current: str = ""
    is_outside: bool = False


def header_links(request: HttpRequest, section: str = "") -> list[Link]:
    """The header's menu; the entry of the present page, or of the ``section`` it belongs to, is marked."""
    return _labels(_items(request)[0], request, section)


def footer_links(request: HttpRequest) -> list[Link]:
    """The footer's links, after those that the law asks for."""
    return _labels(_items(request)[1], request, "")


type Items = tuple[tuple[Item, ...], tuple[Item, ...]]


def forget_menus(**_said: Any) -> None:
    """Forget the menus of sites: one was changed here, or a page they lead to."""
    _items_of.cache_clear()


def _items(request: HttpRequest) -> Items:
    """Header and footer; those changed by another process are seen within ten seconds."""
    changed = getattr(request, SiteMenus.get_cache_attr_name(), None)
    if changed is not None:  # a preview of what is not saved
        return _written(changed)
    return _items_of(place_of(request).site or 0)


@fresh()
def _items_of(site: int) -> Items:
    return _written(SiteMenus.objects.filter(site=site).select_related("site__root_page").first())


def _written(menus: SiteMenus | None) -> Items:
    header = tuple(_chosen(menus.header, menus)) if menus else ()
    footer = tuple(_chosen(menus.footer, menus)) if menus else ()
    usual = [room for room in rooms().values() if not _is_empty(room)]
    return (
        header or tuple(_item(room) for room in usual if room.in_header),
        footer or tuple(_item(room) for room in usual if room.in_footer),
    )


def _is_empty(room: Room) -> bool:
    """Whether it would lead to an empty list; on the main site a list may be empty until it is filled."""
    return room.is_empty is not None and current_lens() is not None and room.is_empty()


def _chosen(stream: Any, menus: SiteMenus) -> Any:
    for child in stream:
        value = child.value
        if child.block_type == "room":
            if (room := rooms().get(value["room"])) is not None:  # that of a module taken away since leads nowhere
                yield _item(room, value["label"])
        elif child.block_type == "link":
            yield Item(value["label"], value["address"])
        elif (page := value["page"]) is not None and page.live:
            root = menus.site.root_page.url_path
            yield Item(value["label"] or page.title, f"/{page.url_path.removeprefix(root)}")


def _item(room: Room, label: str = "") -> Item:
    return Item(label or room.label, room.path(), room.name)


def _labels(items: tuple[Item, ...], request: HttpRequest, section: str) -> list[Link]:
    path = without_prefix(request.path)
    within = [item.target for item in items if not item.is_outside and path.startswith(item.target)]
    nearest = max(within, key=len, default="")
    return [
        Link(
            item.label,
            item.target if item.is_outside else absolute_path(item.target),
            _current(item, path, nearest, section),
            item.is_outside,
        )
        for item in items
    ]


def _current(item: Item, path: str, nearest: str, section: str) -> str:
    if item.target == path:
        return "page"
    if nearest:
        return "true" if item.target == nearest and nearest != "/" else ""
    return "true" if section and item.room == section else ""
