"""A page in English says nothing of its own in Chinese: only records do."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils.translation import override
from tests.world import World
from tools import extraction, messages

SPOKEN = {"title", "aria-label", "placeholder", "data-label", "alt", "label", "unit", "data-close-label"}
HAN = re.compile(r"[\u3400-\u9fff]")
WORDS = {entry.id for entry in extraction.catalogue(messages.CATALOGUE) if isinstance(entry.id, str) and entry.id}
PAGES = (  # the dictionaries show both languages side by side
    ("主任甲", ""),
    ("主任甲", "findings/"),
    ("主任甲", "findings/new/"),
    ("主任甲", "findings/{uid}/"),
    ("主任甲", "measures/?year=2022"),
    ("主任甲", "measures/project_findings/?year=2022"),
    ("主任甲", "search/?q=问题"),
    ("主任甲", "reviews/"),
    ("主任甲", "units/"),
    ("主任甲", "import/"),
    ("安全管理员", "accounts/"),
    ("安全管理员", "roles/"),
    ("审计管理员", "audit/"),
)


class Texts(HTMLParser):
    """The texts and spoken attributes of a page, the switch of languages apart."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value.strip() for name, value in attrs if name in SPOKEN and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    messages.compile_catalogue()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test begins in Chinese again."""
    with override("zh-hans"):
        yield


@pytest.mark.parametrize(("name", "path"), PAGES, ids=[path or "home" for _, path in PAGES])
def test_an_english_page_has_no_chinese_of_its_own(world: World, name: str, path: str) -> None:
    finding = world.finding()
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.users[name])
    response = client.get(f"/desk/{path.format(uid=finding.uid)}", follow=True)
    assert response.status_code == 200
    texts = Texts()
    texts.feed(response.content.decode())
    assert 'lang="en"' in response.content.decode()
    assert sorted({text for text in texts.found if text in WORDS}) == []
