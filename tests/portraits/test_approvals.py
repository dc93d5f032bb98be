"""审定 of a report: online, or on paper that counts once a second person has seen it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.db.transaction import atomic
from tests.portraits.test_portraits import begun, rule_of, scheme, value, written
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.results.portraits.approving import approve_portrait, confirm_paper, return_paper, sign_on_paper
from jiandu.results.portraits.models import Portrait, PortraitApproval
from jiandu.results.portraits.services import withdraw_portrait

__all__ = ["scheme"]
ON = date(2022, 8, 1)


def typed(
    world: World, report: Portrait, on: date = ON, signer: str = "书记", *, granted: bool = True
) -> PortraitApproval:
    with as_(world.viewer("内勤甲")) as by:
        return sign_on_paper(portrait=report, by=by, signature=Signature(granted, on, "同意", Who(signer)))


def told(report: Portrait) -> tuple[Any, ...]:
    with as_(SYSTEM):
        one = Portrait.objects.get(pk=report.pk)
        rows = PortraitApproval.objects.filter(portrait=report).order_by("pk")
        return one.approved_on, one.approved_by, *rows.values_list("status", "is_paper", "signer_name")


def test_a_report_approved_on_paper_counts_once_a_second_person_has_seen_it(world: World) -> None:
    report = written(begun(world))
    row = typed(world, report)
    assert (told(report), value()) == ((None, "", ("on_paper", True, "书记")), 0)
    with as_(world.viewer("内勤甲")) as by:
        assert rule_of(lambda: confirm_paper(approval=row, by=by)) == "two-persons"
        assert rule_of(lambda: approve_portrait(portrait=report, by=by, on=ON)) == "not-allowed"
    with as_(world.viewer("干部甲")) as by:
        confirm_paper(approval=row, by=by)
        assert rule_of(lambda: confirm_paper(approval=row, by=by)) == "already-decided"
    assert (told(report), value()) == ((ON, "书记", ("granted", True, "书记")), 1)
    with as_(SYSTEM), pytest.raises(IntegrityError, match="portrait_approval_two_persons"), atomic():
        PortraitApproval.objects.filter(pk=row.pk).update(confirmed_by=row.typed_by_id)


def test_a_paper_is_refused_for_what_the_approval_is_refused_for(world: World) -> None:
    empty = begun(world)
    assert rule_of(lambda: typed(world, empty)) == "portrait-empty"
    report = written(empty)
    assert rule_of(lambda: typed(world, report, date(2022, 6, 29))) == "step-date"
    assert rule_of(lambda: typed(world, report, signer="内勤甲")) == "approve-other-person"
    typed(world, report)
    assert rule_of(lambda: typed(world, report)) == "already-asked"
    with as_(world.viewer("书记")) as by:
        signature = Signature(is_granted=True, on=ON, signer=Who("书记"))
        assert rule_of(lambda: sign_on_paper(portrait=report, by=by, signature=signature)) == "not-allowed"


def test_a_paper_is_sent_back_refused_overtaken_or_lapses_with_its_report(world: World) -> None:
    report = written(begun(world))
    wrong = typed(world, report, ON + timedelta(days=1))
    with as_(world.viewer("干部甲")) as by:
        return_paper(approval=wrong, by=by, reason="日期不符")
        confirm_paper(approval=typed(world, report, granted=False), by=by)
    typed(world, report)
    with as_(world.viewer("主任甲")) as by:
        approve_portrait(portrait=report, by=by, on=ON)
    states = [row[0] for row in told(report)[2:]]
    assert (told(report)[:2], states) == ((ON, "主任甲"), ["lapsed", "refused", "lapsed", "granted"])
    other = written(begun(world, "市财政局"))
    waiting = typed(world, other)
    with as_(world.viewer("干部甲")) as by:
        withdraw_portrait(portrait=other, by=by, reason="重复登记", on=ON)
        assert rule_of(lambda: confirm_paper(approval=waiting, by=by)) == "already-decided"
    assert told(other)[2][0] == "lapsed"


def test_on_the_desk_a_report_is_approved_on_paper_with_its_scan(world: World) -> None:
    report = written(begun(world))
    place, clerk, officer = f"/desk/portraits/{report.uid}/", client_of(world, "内勤甲"), client_of(world, "干部甲")
    said = {"is_granted": "yes", "signer": "书记", "on": "2022-08-01", "opinion": "同意印发"}
    assert clerk.post(f"{place}sign-paper/", said).status_code == 303
    with as_(SYSTEM):
        row = PortraitApproval.objects.get(portrait=report)
    scan = {"scan": SimpleUploadedFile("签批件.pdf", b"%PDF-1.4 x")}
    assert clerk.post(f"{place}scan/?on={row.pk}", scan).status_code == 303
    assert "审定" in officer.get("/desk/approvals/").content.decode()
    assert officer.post(f"{place}confirm-paper/?on={row.pk}").status_code == 303
    shown = officer.get(place).content.decode()
    for words in ("书记（纸质）", "同意印发", "签批件.pdf"):
        assert words in shown, words
    assert officer.get(f"{place}scans/{row.uid}/").content == b"%PDF-1.4 x"
    assert client_of(world, "干部乙").get(f"{place}scans/{row.uid}/").status_code == 404
