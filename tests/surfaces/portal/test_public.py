"""The public process as it runs: no staff address, no key; in Chromium no cookie, nothing off our origin, with and without scripts."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.chromium import Complaints, launched
from tests.core.sheets import made_of
from tests.e2e.browsing import DESK, PHONE, picture, wrong_on
from tests.installation import Browser as Plain
from tests.intake.reports import proof_for
from tests.surfaces.portal.public import Zone, public_zone

from jiandu.base.sealing.padding import is_size

pytestmark = [pytest.mark.browser, pytest.mark.once]

CANARY = "村支书收了八万元四四七一"
PAGES = ("", "report/", "ask/", "leave/", "notices/")


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    with public_zone(tmp_path_factory.mktemp("zone")) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@contextmanager
def stranger(
    zone: Zone, chromium: Browser, size: tuple[int, int] = DESK, *, scripts: bool = True
) -> Iterator[tuple[Page, BrowserContext, list[str]]]:
    """A page, and every address that it asked for."""
    width, height = size
    context = chromium.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts, bypass_csp=False
    )
    context.set_default_timeout(60_000)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page(), context, asked
    context.close()


def test_no_staff_address_answers(zone: Zone) -> None:
    browser = Plain(zone.site.port)
    for path in ("/desk/", "/account/sign-in/", "/demo/", "/desk/petitions/", "/language/", "/watermark.svg"):
        assert browser.get(path).status == 404, path
    assert browser.get("/portal/").status == 200
    browser.close()


def test_no_key_that_opens_lies_there(zone: Zone) -> None:
    """Beside the database and the sealed files there is the key that signs tickets, and no other."""
    keys = [path.name for path in (zone.site.folder / "keys").rglob("*") if path.is_file()]
    assert [name for name in keys if name != "session.key"] == []
    said = zone.site.run("jiandu", "keys", "list", "--json").stdout
    assert '"keys": []' in said


def fill(page: Page, zone: Zone, attached: Sequence[Path] = ()) -> None:
    page.goto(f"{zone.site.base}/portal/")
    page.click("text=我要举报")
    page.select_option("[name=rank]", "rural")
    page.fill("[name=summary]", CANARY)
    page.fill("[name=name]", "林一鸣四四七一")
    if attached:
        page.set_input_files("[name=files]", [str(each) for each in attached])


def receipt_of(page: Page) -> str:
    page.wait_for_selector(".receipt output")
    return page.inner_text(".receipt output")


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.full)])
def test_the_whole_way_with_and_without_scripts(
    zone: Zone, chromium: Browser, tmp_path: Path, *, scripts: bool
) -> None:
    attached, stuck = tmp_path / "四四七一.jpg", tmp_path / "四四七一.avi"
    attached.write_bytes(made_of.jpeg(CANARY))
    stuck.write_bytes(CANARY.encode() * 30_000)
    with stranger(zone, chromium, scripts=scripts) as (page, context, asked):
        complaints = Complaints.of(page, but=(422,))
        fill(page, zone, [attached, stuck])
        wait = 0 if scripts else 61
        time.sleep(wait)
        page.click("form.sheet button")
        page.wait_for_selector("text=四四七一.avi：这种视频清除不了")
        assert page.input_value("[name=summary]") == CANARY
        assert page.is_checked("[name=cleaning][value=all]")
        picture(page, f"portal-stuck-{scripts}")
        page.set_input_files("[name=files]", [str(attached), str(stuck)])
        page.check("[name=cleaning][value=some]")
        time.sleep(wait)
        page.click("form.sheet button")
        receipt = receipt_of(page)
        told = [each.locator("span").all_inner_texts() for each in page.locator(".outcomes li").all()]
        assert told == [[attached.name, "已清除来源信息，原件没有保留"], [stuck.name, "清除不了，原样提交"]]
        picture(page, f"portal-receipt-{scripts}")
        page.goto(f"{zone.site.base}/portal/ask/")
        page.fill("[name=receipt]", receipt)
        time.sleep(wait)
        page.click("form.sheet button")
        page.wait_for_selector(".words")
        page.fill("[name=text]", f"{CANARY}补充")
        time.sleep(wait)
        page.click("form.sheet button")
        page.wait_for_selector(".tone-done")
        picture(page, f"portal-dialogue-{scripts}")
        page.click(".way-out")
        page.wait_for_load_state()
        assert context.cookies() == []
        assert complaints == []
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(zone.site.base).netloc}
    on_the_disk(zone)


def on_the_disk(zone: Zone) -> None:
    """Nothing in clear in the folder, its database, log and journal; files of padded sizes and one time."""
    found = [path for path in zone.site.folder.rglob("*") if path.is_file()]
    for path in found:
        content = path.read_bytes()
        for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            for word in (CANARY, "林一鸣四四七一", "四四七一.jpg"):
                assert word.encode(name) not in content, (path, word, name)
    sealed = [path for path in (zone.site.folder / "intake").rglob("*") if path.is_file()]
    assert sealed
    assert all(is_size(path.stat().st_size) for path in sealed)
    assert {path.stat().st_mtime for path in sealed} == {946_684_800}
    log = (zone.site.folder / "serve.log").read_text(encoding="utf-8")
    assert not re.search(r"portal|127\.0\.0\.1|Chrom", log), log


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_each_page_is_in_order(zone: Zone, chromium: Browser, size: tuple[int, int], language: str) -> None:
    with stranger(zone, chromium, size) as (page, context, asked):
        for path in PAGES:
            page.goto(f"{zone.site.base}/portal/{path}{'?lang=en' if language == 'en' else ''}")
            picture(page, f"portal-{path.strip('/') or 'start'}-{size[0]}-{language}")
            assert wrong_on(page, language) == [], path
        assert context.cookies() == []
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(zone.site.base).netloc}


def test_the_watch_sees_a_script_a_stranger_and_a_cookie(zone: Zone, chromium: Browser) -> None:
    """The control of the walks above: what must not be there is told when it is."""
    with stranger(zone, chromium) as (page, context, _):
        complaints = Complaints.of(page)
        page.goto(f"{zone.site.base}/portal/")
        assert (complaints, context.cookies()) == ([], [])
        page.evaluate("() => { document.cookie = 'a=1'; new Image().src = 'http://127.0.0.2:9/x.png'; }")
        page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = '1'; document.head.append(s); }"
        )
        wait_for(lambda: len(complaints) >= 2)
        assert [each["name"] for each in context.cookies()] == ["a"]
        assert any("img-src" in each or "127.0.0.2" in each for each in complaints)
        assert any("script" in each for each in complaints)


def test_an_upload_cut_off_leaves_nothing(zone: Zone) -> None:
    """The connection is closed in the middle of a file: what had come lay there sealed and without a name, and is gone."""
    page = Plain(zone.site.port)
    found = re.search(r' action="([^"]+)" data-challenge="([^"]+)"', page.get("/portal/report/").text)
    page.close()
    assert found
    proof = proof_for(json.loads(unescape(found[2])))
    folder = zone.site.folder / "intake"
    before = {path for path in folder.rglob("*") if path.is_file()}
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
    with closing(http.client.HTTPConnection("127.0.0.1", zone.site.port)) as connection:
        connection.putrequest("POST", f"{unescape(found[1])}&proof={quote(proof)}")
        connection.putheader("Content-Type", "multipart/form-data; boundary=b")
        connection.putheader("Content-Length", "9000000")
        connection.endheaders()
        connection.send(head + CANARY.encode() * 60_000)
        (pid, held) = wait_for(lambda: zone.site.nameless()).pop()
        (lies,) = [path for path in Path(f"/proc/{pid}/fd").iterdir() if str(path.readlink()) == held]
        sealed = wait_for(lambda: len(lies.read_bytes()) > 1_000_000 and lies.read_bytes())
        assert CANARY.encode() not in sealed
        assert {path for path in folder.rglob("*") if path.is_file()} == before
    assert wait_for(lambda: not zone.site.nameless())
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def wait_for(look: Callable[[], Any]) -> Any:
    """What it gives at last. Raises TimeoutError."""
    for _ in range(100):
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError
