"""The register of approvals: findings, letters and projects in one list, online or on paper, each in one's own scope."""

import re
from datetime import date

from tests.activities.test_approvals import confirmed, typed
from tests.instruments.test_scans import on_paper
from tests.surfaces.desk.test_findings import client_of
from tests.world import World, as_

from jiandu.sources.activities.services.deciding import end_activity

PLACE = "/desk/approvals/"


def rows(world: World, name: str, tab: str) -> list[tuple[str, ...]]:
    """What, about what, which badges: as the page lists them."""
    shown = client_of(world, name).get(f"{PLACE}?tab={tab}").content.decode()
    said = []
    for row in re.findall(r"<tr><td class=\"code\">.*?</tr>", shown, re.DOTALL):
        what = re.search(r'class="code">(.*?)</td>', row)
        link = re.search(r'<a href="([^"]+)"', row)
        badges = re.findall(r'<span class="mark[^"]*">([^<]+)</span>', row)
        assert what
        assert link
        said.append((what[1], link[1], *badges))
    return said


def test_all_kinds_stand_in_one_register_and_each_says_how_it_was_signed(world: World) -> None:
    finding, _approval = world.verified()
    letter, _row = on_paper(world, None)
    paper, online = world.project(approved_on=None), world.evaluated(world.project())
    confirmed(world, typed(world, paper, "approve", date(2022, 1, 20)))
    with as_(world.viewer("主任甲")) as by:
        end_activity(activity=online, by=by, on=date(2022, 12, 1), note="完成")
    assert rows(world, "主任甲", "done") == [
        ("结项", f"/desk/projects/{online.uid}/", "同意", "线上"),
        ("立项", f"/desk/projects/{paper.uid}/", "同意", "纸质"),
    ]
    told = {row[1]: row[2:] for row in rows(world, "主任甲", "all")}
    assert told == {
        f"/desk/findings/{finding.uid}/#approvals": ("待审批",),
        f"/desk/letters/{letter.uid}/": ("纸质签批待确认", "纸质"),
    }
    assert [rows(world, "主任乙", tab) for tab in ("", "all", "done")] == [[], [], []]


def test_a_paper_waits_for_whoever_may_confirm_it_and_not_for_its_typist(world: World) -> None:
    project = world.project()
    typed(world, project, "stop", date(2022, 12, 1))
    expected = [("终止", f"/desk/projects/{project.uid}/", "纸质签批待确认", "纸质")]
    assert [rows(world, name, "") for name in ("干部甲", "内勤甲", "书记")] == [expected, [], []]


def test_who_sees_one_kind_alone_or_none_gets_a_page_of_what_there_is(world: World) -> None:
    typed(world, world.project(), "stop", date(2022, 12, 1))
    for name in ("经办人丁", "内勤甲", "街道干部"):
        assert [client_of(world, name).get(f"{PLACE}?tab={tab}").status_code for tab in ("", "all", "done")] == [
            200
        ] * 3


def test_conditions_on_the_finding_leave_its_approvals_alone(world: World) -> None:
    finding, _approval = world.verified()
    typed(world, world.project(), "stop", date(2022, 12, 1))
    shown = client_of(world, "主任甲").get(f"{PLACE}?tab=all&unit=教育").content.decode()
    assert (finding.code in shown, "终止" in shown) == (True, False)


def test_a_page_begins_where_the_last_one_ended(world: World) -> None:
    for day in range(1, 28):
        for _twice in range(2):
            typed(world, world.project(), "stop", date(2022, 12, day))
    seen = []
    for number in (1, 2):
        shown = client_of(world, "干部甲").get(f"{PLACE}?tab=all&page={number}").content.decode()
        seen += re.findall(r'<a href="(/desk/projects/[0-9a-f-]+/)"', shown)
    assert (len(seen), len(set(seen))) == (54, 54)
