"""Going through a page as a person without a mouse does."""

from __future__ import annotations

from playwright.sync_api import expect


def tab_to(page, selector: str, key: str = "Tab") -> None:
    """Press Tab until that element has the focus, as a person without a mouse does."""
    if key == "Tab" and page.evaluate(
        "document.activeElement === document.body && !!document.querySelector('.skiplink')"
    ):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # « Aller au contenu principal »
        # Wagtail moves the focus a moment later: keys typed before would be taken from the field that they were meant for
        expect(page.locator("#main")).to_be_focused()
    for _press in range(120):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard from {page.url}")


def press(page, selector: str, key: str = "Tab") -> None:
    """Go to that button or link by keyboard, and press Enter."""
    tab_to(page, selector, key)
    page.keyboard.press("Enter")
