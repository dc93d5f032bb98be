"""What an officer does on the desk: opens a place, does an act by its form, reads what the page says. With or without JavaScript."""

from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page

from tests.chromium import Complaints


def in_days(number: int) -> str:
    """A date as a date field takes it."""
    return (date.today() + timedelta(days=number)).isoformat()  # noqa: DTZ011 -- the browser's own day


class Desk:
    """One person at one browser. Whatever the browser complains of is kept; a refused form (422) is no complaint."""

    def __init__(self, page: Page, base: str, *, has_script: bool) -> None:
        self.page, self.base, self.has_script = page, base, has_script
        self.complaints = Complaints(but=(422,))
        self.complaints.watch(page)

    def open(self, path: str) -> "Desk":
        self.page.goto(self.base + path)
        return self

    def fill(self, form: Locator, **said: Any) -> None:
        """Each field by its name: text, choice, tick or file."""
        for name, value in said.items():
            field = form.locator(f"[name={name}]").first
            kind = field.evaluate("one => one.type")
            if value == "on":
                field.check()
            elif kind in {"radio", "checkbox"}:
                form.locator(f"[name={name}][value='{value}']").check()
            elif kind == "select-one":
                field.select_option(value)
            elif kind == "file":
                field.set_input_files(value)
            else:
                field.fill(value)

    def begin(self, act: str, **said: Any) -> Locator:
        """Opens the form of an act on the page and fills it."""
        link = self.page.locator(f"main a[href*='?act={act}']").first
        if not link.is_visible():
            self.page.locator(f"details:has(a[href*='?act={act}']) > summary").first.click()
        link.click()
        form = self.page.locator("#act-slot dialog[open] form").first
        form.wait_for()
        if self.has_script:  # it stands open before the script has made it modal
            self.page.locator("#act-slot dialog:modal").first.wait_for()
        assert self.page.evaluate("Boolean(document.querySelector('dialog:modal'))") is self.has_script
        self.fill(form, **said)
        return form

    def act(self, act: str, **said: Any) -> str:
        """Does it; what the page says afterwards. Fails when it was refused."""
        self.send(self.begin(act, **said))
        wrong = self.page.locator("main .summary")
        assert wrong.count() == 0, wrong.first.inner_text()
        return self.page.locator("#toasts .toast-line").first.inner_text()

    def refused(self, act: str, **said: Any) -> str:
        """Is refused; the reason. The form stays open with everything that was typed."""
        self.send(self.begin(act, **said))
        form = self.page.locator("#act-slot dialog[open] form").first
        typed = {name: form.locator(f"[name={name}]").first.input_value() for name in said}
        assert typed == said
        return form.locator(".summary li").inner_text()

    def send(self, form: Locator) -> None:
        with self.page.expect_navigation():
            form.locator("button.btn-primary").last.click()

    @property
    def path(self) -> str:
        """Of the page that stands open, without what is asked of it."""
        return self.page.url.removeprefix(self.base).partition("?")[0]

    @property
    def state(self) -> str:
        """The state of the finding that is open."""
        return self.page.locator(".facts .mark").first.inner_text()

    def offers(self) -> list[str]:
        """The acts that the page offers."""
        return [link.get_attribute("href") or "" for link in self.page.locator("main a[href^='?act=']").all()]

    def history(self) -> list[str]:
        """The steps of the finding that is open, the newest first."""
        return self.page.locator(".past .past-head strong").all_inner_texts()
