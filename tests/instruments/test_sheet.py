"""Letters by sheet: drafted and corrected, signed on paper by two, numbered and delivered; what has left comes back unchanged."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from tests.instruments.net import served
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.loop.instruments.models import Delivery, Instrument, SignOff, Suggestion
from jiandu.loop.instruments.selectors import instruments
from jiandu.loop.instruments.services.signing import confirm_paper
from jiandu.loop.instruments.sheet import BOOK, LETTERS, rows_of

HEAD = (
    "序号",
    "文种",
    "事由",
    "被建议单位",
    "拟稿日期",
    "整改建议",
    "反馈期限",
    "签发日期",
    "签发人",
    "文号",
    "送达日期",
    "承办部门",
)
OFFICE = "第一监督检查室"


def row(at: int, title: str, kind: str = "监察建议书", **more: Any) -> tuple[Any, ...]:
    said = {"unit": "市教育局", "on": "2022.5.5", "asks": "健全制度\n加强监管", "days": "30日"} | more
    ends = [said.get(key, "") for key in ("signed", "signer", "number", "delivered")]
    return (at, kind, title, said["unit"], said["on"], said["asks"], said["days"], *ends, OFFICE)


SIGNED = {"signed": date(2022, 5, 6), "signer": "书记", "number": "厦纪建[2022]第3号", "delivered": "2022-05-09"}
ROWS = (HEAD, row(1, "采购管理"), row(2, "经费使用", "提醒函", asks="", days=""), row(3, "学校食堂", **SIGNED))
look, take = partial(look_at, LETTERS), partial(take_in, LETTERS)


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(OFFICER)) as by, path.open("wb") as file:
        write_xlsx(file, Plan("函件", sheets.columns_of(BOOK)), rows_of(by, instruments(by, Instrument.LETTERS)))
    return path


def told() -> tuple[int, int, int]:
    with as_(SYSTEM):
        written = Entry.objects.exclude(verb="instrument.import").count()
        return Instrument.objects.count(), Suggestion.objects.count(), written


def test_letters_are_drafted_and_the_same_sheet_again_changes_nothing(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", ROWS[:3])
    assert take(world, path) == counts(create=2)
    with as_(SYSTEM):
        made = list(
            Instrument.objects.order_by("pk").values_list("kind", "title", "drafted_on", "reply_days", "issuer")
        )
    day = date(2022, 5, 5)
    assert made == [
        ("supervision", "采购管理", day, 30, OFFICE),
        ("reminder", "经费使用", day, None, OFFICE),
    ]
    before = told()
    assert before[:2] == (2, 2)
    assert take(world, path) == counts(unchanged=2)
    assert told() == before


def test_a_signature_on_a_sheet_waits_for_a_second_person_and_number_and_delivery_for_it(
    world: World, tmp_path: Path
) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, ROWS[3]))
    assert take(world, path) == counts(create=1)
    assert take(world, path) == counts(conflict=1)  # number and delivery have to wait
    with as_(SYSTEM):
        sign = SignOff.objects.get()
        assert (sign.status, sign.signer_name, sign.signed_on) == ("on_paper", "书记", date(2022, 5, 6))
    with as_(world.viewer(OFFICER)) as by, pytest.raises(Refused) as refused:
        confirm_paper(sign_off=sign, by=by)
    assert refused.value.rule == "two-persons"
    with as_(world.viewer("干部丙")) as by:
        confirm_paper(sign_off=sign, by=by)
    assert take(world, path) == counts(update=1)
    with as_(SYSTEM):
        assert Delivery.objects.get().on == date(2022, 5, 9)
    assert take(world, path) == counts(conflict=1)  # who gives no numbers gives none by sheet
    with as_(SYSTEM) as by:
        digest = sheets.digest_of(sheets.judge(by, sheets.read(path, LETTERS)))
        assert sheets.counts_of(sheets.commit(by, sheets.read(path, LETTERS), digest=digest)) == counts(update=1)
        assert Instrument.objects.get().number == "厦纪建〔2022〕3号"
    assert take(world, path) == counts(unchanged=1)


def test_what_has_left_comes_back_unchanged(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS[:3]))
    served(world, "supervision", facts="一\r\n二", causes="=1+1")
    before = told()
    assert take(world, out_of(world, tmp_path / "b.xlsx")) == counts(unchanged=3)
    assert told() == before


def test_a_draft_is_corrected_and_what_was_delivered_is_in_conflict(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS[:3]))
    served(world, "supervision")
    book = openpyxl.load_workbook(out_of(world, tmp_path / "b.xlsx"))
    sheet = book.active
    places = {sheet.cell(2, at).value: at for at in range(1, sheet.max_column + 1)}
    rows = {sheet.cell(at, places["事由"]).value: at for at in range(3, sheet.max_row + 1)}
    sheet.cell(rows["采购管理"], places["整改建议"]).value = "健全制度\n加强监管\n公开结果"
    sheet.cell(rows["经费使用"], places["主送单位"]).value = "市财政局"
    sheet.cell(rows["市教育局有关问题"], places["工作建议"]).value = "另行改写"
    book.save(tmp_path / "c.xlsx")
    assert take(world, tmp_path / "c.xlsx") == counts(update=1, conflict=2)
    with as_(SYSTEM):
        one = Instrument.objects.get(title="采购管理")
        texts = Suggestion.objects.filter(instrument=one).order_by("pk").values_list("text", flat=True)
        assert list(texts) == ["健全制度", "加强监管", "公开结果"]
        assert not Instrument.objects.filter(advice="另行改写").exists()


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    wrong = (
        HEAD,
        ROWS[1],
        row(2, "一", "问题抄报单"),
        row(3, "二", unit="没有此局"),
        row(4, "三", days="一个月"),
        row(5, "四", number="3号文"),
        row(6, "五", signed="2022-05-06"),
        row(7, "六", signed="2022-05-01", signer="书记"),
    )
    path, before = file_of(tmp_path / "a.xlsx", wrong), told()
    seen = look(world, path)
    places = [(problem.row, problem.column) for problem in seen.problems]
    assert places == [(3, "B"), (4, "D"), (5, "G"), (6, "J"), (7, "I"), (8, "H")]
    with pytest.raises(Refused) as refused, as_(world.viewer(OFFICER)) as by:
        sheets.commit(by, sheets.read(path, LETTERS), digest=sheets.digest_of(seen))
    assert (refused.value.rule, told()) == ("import-has-errors", before)
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:2])) == counts(create=1)  # the control


def left(seen: sheets.Sheet) -> list[tuple[str, list[tuple[str, str]]]]:
    """Of each row what is done, and the cells that are left out with the first words of the reason."""
    rows = sheets.for_page(seen)["shown"]
    return [(one["act"], [(f"{cell['column']}{cell['row']}", cell["reason"][:9]) for cell in one["left"]]) for one in rows]  # fmt: skip


def test_a_number_by_who_may_not_give_one_is_left_out_and_its_cell_says_who_may(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, ROWS[3]))
    early = [("J2", "尚未签批确认，且"), ("K2", "尚未签批确认；确")]
    assert left(look(world, path)) == [("create", [(place, said + why) for (place, said), why in zip(early, "您认", strict=True)])]  # fmt: skip
    take(world, path)
    by_clerk = [("J2", "尚未签批确认；确认"), ("K2", "尚未签批确认；确认")]
    assert left(look(world, path, "内勤甲")) == [("conflict", by_clerk)]
    with as_(world.viewer("干部丙")) as by:
        confirm_paper(sign_off=SignOff.objects.get(), by=by)
    assert left(look(world, path)) == [("update", [("J2", "您没有编文号的权限")])]  # the rest of the row goes on
    take(world, path)
    assert left(look(world, path)) == [("conflict", [("J2", "您没有编文号的权限")])]
    with as_(SYSTEM):
        assert (Instrument.objects.get().number, Delivery.objects.count()) == ("", 1)
    assert left(look(world, path, "内勤甲")) == [("update", [])]  # who may number takes the same sheet in
    assert take(world, path, "内勤甲") == counts(update=1)
    assert left(look(world, path)) == [("unchanged", [])]
    other = file_of(tmp_path / "b.xlsx", (HEAD, row(3, "学校食堂", **{**SIGNED, "number": "厦纪建〔2022〕4号"})))
    assert left(look(world, other, "内勤甲")) == [("conflict", [("J2", "文号编定以后不再更")])]


def test_the_preview_says_at_the_cell_why_a_number_is_left_out(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, ROWS[3]))
    client = Client()
    client.force_login(world.users[OFFICER])

    def preview() -> str:
        with path.open("rb") as file:
            answer = client.post("/desk/letters/import/", {"book": "letters", "file": file}, follow=True)
        return answer.content.decode()

    assert "所在行的其他内容照常写入" in preview()
    take(world, path)
    shown = preview()
    assert ("J2 文号" in shown, "未写入" in shown, "请内勤等有此权限的人员编文号" in shown) == (True, True, True)
    assert "确认导入</button>" not in shown  # nothing would be written


@pytest.mark.parametrize("name", ["经办人丁", "安全管理员"])
def test_who_may_not_draft_takes_none_in(world: World, tmp_path: Path, name: str) -> None:
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(file_of(tmp_path / "a.xlsx", ROWS), LETTERS))
    assert refused.value.rule == "not-allowed"
    client = Client()
    client.force_login(world.users[name])
    assert client.get("/desk/letters/import/").status_code == 404
    client.force_login(world.users[OFFICER])  # the control
    assert client.get("/desk/letters/import/").status_code == 200
    assert "/desk/letters/import/" in client.get("/desk/letters/").content.decode()
