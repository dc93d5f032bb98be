"""Components rendered in the gallery, and the rules that all of them keep."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client
from django.utils import translation
from pytest_django import Settings
from tests.ui.gallery import settings as gallery
from tests.ui.gallery.pages import PAGES

UI = Path(__file__).resolve().parents[2] / "src/jiandu/base/ui"
COTTON = sorted((UI / "templates/cotton").rglob("*.html"))
SAMPLES = sorted((Path(__file__).parent / "gallery/templates").rglob("*.html"))
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
BLOCK = r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}"
TRANSLATED = re.compile(rf"\{{#.*?#\}}|\{{% translate .*?%\}}|{BLOCK}", re.DOTALL)
LEFTOVER = re.compile(r"\{[{%]")


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.TEMPLATES = gallery.TEMPLATES
    settings.ROOT_URLCONF = gallery.ROOT_URLCONF
    settings.MIDDLEWARE = [name for name in gallery.MIDDLEWARE if "whitenoise" not in name]
    settings.MESSAGE_STORAGE = gallery.MESSAGE_STORAGE
    return Client()


class Audit(HTMLParser):
    """Collects what the content policy or HTML itself forbids, and the ids."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.wrong += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given) or len(given) != len(attrs):
            self.wrong.append(f"{tag} {attrs}")
        self.wrong += [f"{tag} {name}={value}" for name, value in given.items() if value and LEFTOVER.search(value)]
        if given.get("id"):
            self.ids.append(given["id"] or "")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_gallery_page_is_clean(client: Client, page: str, language: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get(f"/{page}/")
    text = answer.content.decode()
    audit = Audit()
    audit.feed(text)
    twice = sorted({name for name in audit.ids if audit.ids.count(name) > 1})
    assert (answer.status_code, audit.wrong, twice, "{%" in text) == (200, [], [], False)
    assert f'<html lang="{language}"' in text


def test_gallery_shows_every_component() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in [*COTTON, *SAMPLES])
    used = {name.replace("-", "_") for name in re.findall(r"<c-([a-z-]+)", text)}
    assert {path.stem for path in COTTON} <= used


@pytest.mark.parametrize("path", COTTON, ids=lambda path: path.stem)
def test_every_visible_word_is_translated(path: Path) -> None:
    left = TRANSLATED.sub("", path.read_text(encoding="utf-8")).replace(">中文<", "><")
    assert CHINESE.findall(left) == []


def test_templates_keep_to_the_limits() -> None:
    sizes = {path.name: path.read_text(encoding="utf-8").count("\n") for path in [*COTTON, *SAMPLES]}
    assert {name: lines for name, lines in sizes.items() if lines > 120} == {}
    css, script = (
        ((UI / "static/ui" / name).read_text(encoding="utf-8")).count("\n") for name in ("theme.css", "app.js")
    )
    assert (css <= 450, script <= 250) == (True, True)


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    listed = {line for line in (UI / "icons.txt").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"}
    templates = [*UI.parents[1].rglob("templates/**/*.html"), *SAMPLES]
    text = "".join(path.read_text(encoding="utf-8") for path in templates)
    named = {name for name in re.findall(r'(?:<c-icon name|icon)="([a-z0-9-]+)"', text) if name}
    assert named - listed == set()


HOSTILE = "\"'><script>alert(1)</script>{{ 7|add:7 }}"
EVERYWHERE = """
<c-badge :tone="bad" :title="bad">{{ bad }}</c-badge><c-icon :name="bad" :label="bad" />
<c-table :label="bad" :columns="columns" :rows="rows" :sort="bad" select="id" :action="bad" :data-x="bad" />
<c-filters :action="bad" :chips="chips" :reset="bad" :sort="bad">
<c-field :label="bad" :name="bad" :value="bad" :help="bad" /></c-filters>
<c-facts :items="items" /><c-steps :items="items" /><c-timeline :items="items" /><c-tabs :items="items" :label="bad" />
<c-stat :label="bad" :value="bad" :unit="bad" :href="bad" :definition="bad" :as_of="bad" :change="bad" />
<c-chart :title="bad" :note="bad" :as_of="bad" :columns="columns" :rows="rows">{{ bad }}</c-chart>
<c-progress :label="bad" :poll="bad" :message="bad" /><c-menu :label="bad" :items="items" />
<c-dialog :id="bad" :title="bad" />
<c-alert :title="bad" :data-y="bad">{{ bad }}</c-alert><c-empty :title="bad" /><c-panel :title="bad" :id="bad" />
<c-pager :newer="bad" :older="bad" /><c-form :action="bad" :submit="bad" :cancel="bad" hx-get="{{ bad }}" />
"""


def test_hostile_values_stay_text(client: Client) -> None:
    bad = {"label": HOSTILE, "value": HOSTILE, "href": HOSTILE, "text": HOSTILE, "title": HOSTILE, "sub": HOSTILE}
    row = {"id": HOSTILE, "name": HOSTILE, "href": HOSTILE, "cells": [bad, HOSTILE]}
    item = bad | {"on": HOSTILE, "by": HOSTILE, "office": HOSTILE, "recorded": HOSTILE, "note": HOSTILE, "links": [bad]}
    columns = [{"label": HOSTILE, "sort": HOSTILE, "kind": "main"}, {"label": HOSTILE}]
    values = {"bad": HOSTILE, "items": [item], "chips": [bad], "columns": columns, "rows": [row]}
    compiled = _compile(EVERYWHERE)
    text = engines["django"].from_string(compiled).render(values)
    audit = Audit()
    audit.feed(text)
    assert ("<script" in text, "14" in text, [word for word in audit.wrong if "{{" not in word]) == (False, False, [])
    assert text.count("alert(1)") > 80


def _compile(source: str) -> str:
    from django_cotton.compiler_regex import CottonCompiler

    return str(CottonCompiler().process(source))


def _render(source: str, **values: object) -> str:
    return engines["django"].from_string(_compile(source)).render(values).strip()


def test_table_sort_links_turn_round(client: Client) -> None:
    columns = [{"label": "A", "sort": "a"}, {"label": "B", "sort": "b"}]
    text = _render('<c-table label="t" :columns="columns" sort="-a" />', columns=columns)
    assert re.findall(r'<th[^>]*?(aria-sort="\w+")?><a href="([^"]*)"', text) == [
        ('aria-sort="descending"', "?sort=a"),
        ("", "?sort=-b"),
    ]


def test_table_shows_dash_for_nothing_and_zero_as_zero(client: Client) -> None:
    values = {"columns": [{"label": "A"}, {"label": "B"}, {"label": "C"}], "rows": [{"cells": [None, 0, ""]}]}
    text = _render('<c-table label="t" :columns="columns" :rows="rows" />', **values)
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", text)]
    assert cells == ["—", "0", "—"]


def test_pager_caps_the_count(client: Client) -> None:
    with translation.override("zh-hans"):
        assert "共 1000+ 条" in _render('<c-pager :total="1286" />')


def test_progress_asks_again_only_while_running(client: Client) -> None:
    source = '<c-progress label="x" :state="state" poll="/j/" />'
    asks = ["hx-get" in _render(source, state=state) for state in ("running", "done", "failed")]
    assert asks == [True, False, False]


def test_page_without_chrome_still_stands(client: Client) -> None:
    text = _render('<c-page title="标题">正文</c-page>')
    assert ("<h1>标题" in text, 'role="search"' in text, "watermark" in text) == (True, False, False)


def test_bare_sets_no_cookie(client: Client) -> None:
    assert "csrf" not in _render('<c-bare title="标题">正文</c-bare>')


def test_watermark_only_from_level_one(client: Client) -> None:
    shown = {}
    for page in ("ledger", "overview"):
        shown[page] = 'class="watermark"' in client.get(f"/{page}/").content.decode()
    assert shown == {"ledger": True, "overview": False}
