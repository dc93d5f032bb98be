"""What comes out of the printer: the record, nothing of the furniture, nothing cut off at the edge."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.browsing import City
from tests.e2e.city import HEAD, OFFICER

# In the full run until it is seen to pass beside the other suites: servers and browsers of two workers share two cores.
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.office, pytest.mark.once, pytest.mark.full]
FURNITURE = ".top, .rooms, .pager, .filters form, .bar-acts, .pick, .bulk, .tabs, .skip, main .btn"
#: Whatever stands beyond the paper's right edge.
CUT_OFF = """() => [...document.querySelectorAll('main *')].filter(one => one.getClientRects().length
  && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(one => one.outerHTML.slice(0, 120))"""
A4 = (794, 1123)  # at 96 dpi


@pytest.mark.parametrize("what", ["ledger", "finding", "review"])
def test_paper_holds_the_record_and_no_furniture(city: City, tmp_path: Path, what: str) -> None:
    finding = city.places["findings"]["everything"]
    review = city.places["desk/reviews/"][0]["values"]["uid"]
    path, who, words = {
        "ledger": ("/desk/findings/", OFFICER, ["问题台账", "责任单位", "市财政局"]),
        "finding": (f"/desk/findings/{finding}/", OFFICER, ["基本情况", "办理过程", "整改措施"]),
        "review": (f"/desk/reviews/{review}/", HEAD, ["2022年度监督工作综述", "项目监督共发现问题"]),
    }[what]
    with city.as_(who) as page:
        page.set_viewport_size({"width": A4[1] if what == "ledger" else A4[0], "height": 900})
        page.goto(city.base + path)
        page.emulate_media(media="print")
        assert [
            part.evaluate("one => one.outerHTML") for part in page.locator(FURNITURE).all() if part.is_visible()
        ] == []
        assert page.evaluate(CUT_OFF) == []
        page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    said = subprocess.run(["pdftotext", str(tmp_path / "page.pdf"), "-"], check=True, capture_output=True, text=True)
    text = "".join(said.stdout.split())
    assert [word in text for word in words] == [True] * len(words)
    size = subprocess.run(["pdfinfo", str(tmp_path / "page.pdf")], check=True, capture_output=True, text=True).stdout
    assert "(A4)" in size


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_year_on_one_page_is_one_upright_sheet(city: City, tmp_path: Path, language: str) -> None:
    review = city.places["desk/reviews/"][0]["values"]["uid"]
    with city.as_(HEAD) as page:
        page.context.add_cookies([{"name": "django_language", "value": language, "url": city.base}])
        page.goto(f"{city.base}/desk/reviews/{review}/poster/")
        page.emulate_media(media="print")
        assert [part.inner_text() for part in page.locator(FURNITURE).all() if part.is_visible()] == []
        page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True, print_background=True)
    said = subprocess.run(["pdfinfo", str(tmp_path / "page.pdf")], check=True, capture_output=True, text=True).stdout
    facts = dict(line.split(":", 1) for line in said.splitlines())
    assert (facts["Pages"].strip(), "(A3)" in facts["Page size"]) == ("1", True)
