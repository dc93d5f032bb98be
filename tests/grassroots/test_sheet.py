"""Meetings and training by sheet: person-times add up once; what has left comes back unchanged; all or nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.grassroots.test_grid import TOWN, value
from tests.sheets_of import counts, file_of
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.loop.grassroots.models import Meeting
from jiandu.loop.grassroots.selectors import meetings
from jiandu.loop.grassroots.services.grid import withdraw_meeting
from jiandu.loop.grassroots.sheet import BOOK, TRAINING, rows_of

WHO = "街道干部"
HEAD = ("序号", "类型", "培训时间", "培训内容", "参训人次", "培训对象", "地点", "承办单位")
ROWS = (
    HEAD,
    (1, "培训班", "2022.4.1", "村级监督实务", "120人次", "村务监督委员会成员", "街道", TOWN),
    (2, "培训", "2022-04-01", "村级监督实务", 80, "网格监督员", "街道", TOWN),
    (3, "交流会", "2022年6月2日", "履职交流", 30, "", "", TOWN),
    ("合计", "", "", "", 230, "", "", ""),
)


def look(world: World, path: Path, who: str = WHO) -> sheets.Sheet:
    with as_(world.viewer(who)) as by:
        return sheets.judge(by, sheets.read(path, TRAINING))


def take(world: World, path: Path) -> dict[str, int]:
    seen = look(world, path)
    with as_(world.viewer(WHO)) as by:
        return sheets.counts_of(sheets.commit(by, sheets.read(path, TRAINING), digest=sheets.digest_of(seen)))


def test_person_times_count_once_and_what_has_left_comes_back_unchanged(world: World, tmp_path: Path) -> None:
    path, out = file_of(tmp_path / "a.xlsx", ROWS), tmp_path / "b.xlsx"
    assert take(world, path) == counts(create=3)
    assert (value("training_person_times"), value("exchange_meetings")) == (200, 1)
    assert take(world, path) == counts(unchanged=3)
    with as_(world.viewer(WHO)) as by, out.open("wb") as file:
        write_xlsx(file, Plan("交流培训", sheets.columns_of(BOOK)), rows_of(by, meetings(by)))
    assert take(world, out) == counts(unchanged=3)
    assert value("training_person_times") == 200


def test_another_count_is_a_conflict_and_what_was_taken_back_stays_so(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    with as_(SYSTEM) as by:
        withdraw_meeting(meeting=Meeting.objects.get(kind="exchange"), by=by, reason="重复")
    changed = (*ROWS[:2], (*ROWS[2][:4], 800, *ROWS[2][5:]), ROWS[3])
    assert take(world, file_of(tmp_path / "b.xlsx", changed)) == counts(unchanged=1, conflict=2)
    assert value("training_person_times") == 200


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    def row(*said: Any) -> tuple[Any, ...]:
        return (1, *said, "", "", TOWN)

    good = row("培训", "2022-04-01", "一", 5)
    wrong = [
        HEAD,
        good,
        row("会议", "2022-04-01", "一", 5),
        row("培训", "2999-04-01", "一", 5),
        row("培训", "2022-04-01", "", 5),
        row("培训", "2022-04-01", "一", "0"),
        row("培训", "2022-04-01", "一", "若干"),
        (*good[:7], "第一监督检查室"),
    ]
    path = file_of(tmp_path / "a.xlsx", wrong)
    seen = look(world, path)
    places = [(problem.row, problem.column) for problem in seen.problems]
    assert places == [(3, "B"), (4, "C"), (5, "D"), (6, "E"), (7, "E"), (8, "H")]
    with pytest.raises(Refused) as refused, as_(world.viewer(WHO)) as by:
        sheets.commit(by, sheets.read(path, TRAINING), digest=sheets.digest_of(seen))
    with as_(SYSTEM):
        assert (refused.value.rule, Meeting.objects.count()) == ("import-has-errors", 0)
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:2])) == counts(create=1)  # the control


def test_who_may_not_enter_meetings_takes_none_in(world: World, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        look(world, file_of(tmp_path / "a.xlsx", ROWS), "安全管理员")
    assert refused.value.rule == "not-allowed"
    client = Client()
    for name, status in (("安全管理员", 404), (WHO, 200)):
        client.force_login(world.users[name])
        assert client.get("/desk/meetings/import/").status_code == status
    assert "/desk/meetings/import/" in client.get("/desk/meetings/").content.decode()
