"""Copy-reports by sheet: drafted with their findings, signed on paper by two, delivered, endorsed; what has left comes back."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.instruments.net import leader, rule_of, served
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Delivery, Instrument, Matter, SignOff, Turn
from jiandu.loop.instruments.report_sheet import BOOK, COPY_REPORTS, rows_of
from jiandu.loop.instruments.selectors import instruments
from jiandu.loop.instruments.services.signing import confirm_paper

HEAD = ("编号", "事由", "问题编号", "拟稿日期", "问题性质", "工作建议", "保管期限", "签批日期", "签批人", "送达日期", "抄报对象", "领导批示", "批示日期", "批示内容", "文号")  # fmt: skip
KEYS = ("code", "title", "findings", "on", "nature", "advice", "kept", "signed", "signer", "sent", "to", "verb", "verb_on", "words", "number")  # fmt: skip
WHOLE = {"signed": "2022-05-06", "signer": "书记", "sent": "2022-05-09", "verb": "批示", "verb_on": "2022-05-10", "words": "请抓紧整改"}  # fmt: skip
look, take = partial(look_at, COPY_REPORTS), partial(take_in, COPY_REPORTS)


def row(*found: Finding, **more: Any) -> tuple[Any, ...]:
    said = {"findings": "、".join(one.code for one in found), "on": "2022-05-05", "kept": "10年"} | more
    return tuple(said.get(key, "") for key in KEYS)


def only() -> Instrument:
    with as_(SYSTEM):
        return Instrument.objects.get()


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(OFFICER)) as by, path.open("wb") as file:
        listed = instruments(by, [Instrument.Kind.COPY_REPORT])
        write_xlsx(file, Plan("抄报", sheets.columns_of(BOOK)), rows_of(by, listed))
    return path


def test_a_row_drafts_a_sheet_about_its_findings_and_the_same_again_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        nature = items(by, "nature", 2022)[0]
    first, second = world.finding(problem="旧账难清"), world.finding()
    path = file_of(tmp_path / "a.xlsx", (HEAD, row(first, second, nature=nature.label_zh, advice="请研究")))
    assert take(world, path) == counts(create=1)
    one = only()
    assert (one.kind, one.title, one.subject, one.nature, one.advice, one.retention, one.drafted_on) == (
        "copy_report", "旧账难清", world.units["市教育局"], nature, "请研究", "10年", date(2022, 5, 5),
    )  # fmt: skip
    with as_(SYSTEM):
        assert list(Matter.objects.order_by("pk").values_list("finding_id", flat=True)) == [first.pk, second.pk]
    assert take(world, path) == counts(unchanged=1)


def test_paper_delivery_and_endorsement_follow_each_when_it_can(world: World, tmp_path: Path) -> None:
    leader(world, "王副市长", "市教育局")
    path = file_of(tmp_path / "a.xlsx", (HEAD, row(world.finding(), **WHOLE)))
    assert take(world, path) == counts(create=1)
    seen = sheets.for_page(look(world, path))["shown"][0]
    assert [(cell["column"], cell["reason"][:6]) for cell in seen["left"]] == [
        ("J", "尚未签批确认"),
        ("L", "尚未送达分管"),
    ]
    with as_(world.viewer("干部丙")) as by:
        confirm_paper(sign_off=SignOff.objects.get(), by=by)
    assert take(world, path) == counts(update=1)
    with as_(SYSTEM):
        assert (Delivery.objects.get().person, Delivery.objects.get().on) == (
            world.persons["王副市长"],
            date(2022, 5, 9),
        )
        assert Turn.objects.values_list("verb", "on", "note").get() == ("instruct", date(2022, 5, 10), "请抓紧整改")
    assert take(world, path) == counts(unchanged=1)
    assert take(world, out_of(world, tmp_path / "b.xlsx")) == counts(unchanged=1)


def test_of_several_leaders_those_named_are_served_and_the_page_asks_who_endorsed(world: World, tmp_path: Path) -> None:
    leader(world, "王副市长", "市教育局")
    leader(world, "李副市长", "市教育局")
    said = {key: value for key, value in WHOLE.items() if key[:4] != "verb" and key != "words"}
    one = world.finding()
    path = file_of(tmp_path / "a.xlsx", (HEAD, row(one, **said)))
    take(world, path)
    with as_(world.viewer("干部丙")) as by:
        confirm_paper(sign_off=SignOff.objects.get(), by=by)
    assert [problem.column for problem in look(world, path).problems] == ["K"]  # nobody was named
    code, first = only().code, one
    path = file_of(tmp_path / "b.xlsx", (HEAD, row(first, code=code, **{**said, "to": "王副市长、赵副市长"})))
    assert [problem.column for problem in look(world, path).problems] == ["K"]  # one is not in charge
    path = file_of(tmp_path / "c.xlsx", (HEAD, row(first, code=code, **{**said, "to": "王副市长、李副市长"})))
    assert take(world, path) == counts(update=1)
    assert take(world, out_of(world, tmp_path / "d.xlsx")) == counts(unchanged=1)
    path = file_of(tmp_path / "e.xlsx", (HEAD, row(first, code=code, **{**WHOLE, "to": "王副市长、李副市长"})))
    assert [problem.column for problem in look(world, path).problems] == ["L"]


def test_a_draft_is_corrected_and_what_was_delivered_is_in_conflict(world: World, tmp_path: Path) -> None:
    first, second, elsewhere = world.finding(), world.finding(), world.finding(unit="市财政局")
    path = file_of(tmp_path / "a.xlsx", (HEAD, row(first)))
    take(world, path)
    code = only().code
    again = {
        "more findings and other words": (row(first, second, code=code, advice="请研究"), counts(update=1)),
        "a finding less": (row(first, code=code), counts(conflict=1)),
        "of another unit": (row(first, second, elsewhere, code=code), counts(conflict=1)),
    }
    for name, (said, wanted) in again.items():
        assert take(world, file_of(tmp_path / "b.xlsx", (HEAD, said))) == wanted, name
    leader(world, "王副市长", "市教育局")
    sent = served(world, advice="原建议", findings=[world.finding()])
    with as_(SYSTEM):
        of = Matter.objects.get(instrument=sent).finding
    assert of is not None
    said = row(of, code=sent.code, advice="另行改写")
    assert take(world, file_of(tmp_path / "c.xlsx", (HEAD, said))) == counts(conflict=1)


@pytest.mark.parametrize(
    ("more", "column"),
    [({"findings": "没有这个"}, "C"), ({"nature": "没有这一项"}, "E"), ({"number": "3号文"}, "O"), ({"code": "CB-0"}, "A"),
     ({"signed": "2022-05-06"}, "I"), ({"verb": "同意"}, "L"), ({"on": "2999-01-01"}, "D")],
)  # fmt: skip
def test_a_wrong_cell_is_named_and_nothing_is_written(
    world: World, tmp_path: Path, more: dict[str, str], column: str
) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, row(world.finding(), **more)))
    seen = look(world, path)
    assert [problem.column for problem in seen.problems] == [column]
    with as_(world.viewer(OFFICER)) as by:
        digest = sheets.digest_of(seen)
        rule_of(lambda: sheets.commit(by, sheets.read(path, COPY_REPORTS), digest=digest))
    with as_(SYSTEM):
        assert Instrument.objects.count() == 0


def test_the_page_takes_it_in_and_gives_it_out_for_who_may_draft(world: World) -> None:
    client, place = Client(), "/desk/copy-reports/import/"
    client.force_login(world.users["经办人丁"])
    assert client.get(place).status_code == 404
    client.force_login(world.users[OFFICER])  # the control
    assert client.get(place).status_code == 200
    assert place in client.get("/desk/copy-reports/").content.decode()
