"""分送: a kept bulletin or a confirmed alarm goes to an office or a body as 预警提示, which signs for it and answers.

What goes is the version for outside (a bulletin) or a sentence without items and senders (an alarm). The unit reported,
what stands under it and offices whose officers serve in it are no recipients: to them goes a 信访监督建议书.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.transaction import atomic
from django.utils.translation import override

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.documents.signature import day_in_words
from jiandu.net.access.models import Level, Recusal
from jiandu.net.access.numbering import next_code
from jiandu.net.access.services import assign_to_office
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import in_force
from jiandu.results.alarms.letters import matter_of
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.selectors import units_of
from jiandu.results.alarms.series import WEEK
from jiandu.results.bulletins.models import Advisory, PetitionBulletin
from jiandu.results.bulletins.selectors import Late, late_items, late_with, lates, period_of, serves
from jiandu.results.digests.freezing import as_read
from jiandu.results.digests.hiding import LEAST
from jiandu.results.digests.wording import paragraphs, title_of
from jiandu.sources.petitions.recipients import recipient, reported
from jiandu.sources.petitions.rules import Recipient, check_recipient

WORD = "TS"
Source = PetitionBulletin | Alarm


@dataclass(frozen=True)
class NewAdvisory:
    """To which office, or which body without one here; what is asked of it, and by when."""

    on: date
    office: Office | None = None
    body: str = ""
    asked: str = ""
    asks_answer: bool = True
    due_on: date | None = None


@dataclass(frozen=True)
class Words:
    """What an advisory says."""

    title: str
    told: str
    figures: dict[str, Any] | None = None


@atomic
def send(*, about: Source, by: Viewer, new: NewAdvisory) -> Advisory:
    """分送. Raises Refused: not-allowed, keep-first, confirm-first, too-few, recipient, recipient-reported, recipient-own,
    sent-twice, step-date, answer-due.
    """
    about = type(about).objects.select_for_update(of=("self",)).get(pk=about.pk)
    if not guard.allow(by, "send", about):
        raise Refused("not-allowed", "您没有分送预警提示的权限")
    words = _words_of(about)
    _check_day(about, new)
    _check_to(about, new)
    return _written(about, by, new, words)


@atomic
def remind(*, bulletin: PetitionBulletin, by: Viewer, new: NewAdvisory) -> Advisory:
    """工作提醒函 to an office or a body with which items are overdue: that there are some, never what they say.

    Raises Refused: not-allowed, keep-first, not-late, and as `send`: also for whom one of the items is about.
    """
    about = PetitionBulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    if not guard.allow(by, "send", about):
        raise Refused("not-allowed", "您没有分送预警提示的权限")
    _check_kept(about)
    _check_day(about, new)
    _check_to(about, new, Advisory.Kind.REMINDER)
    found = late_items(by, about, new.office) if new.office else late_with(by, about, new.body.strip())
    late = _open_to_all(lates(by, found))
    if not late:
        raise Refused("not-late", "该部门或机关没有超期未办的信访件")
    _check_reported(late, recipient(new.office, new.body))
    words = Words("关于超期未办信访件的工作提醒", _of_late(late[0].on, is_inside=new.office is not None))
    return _written(about, by, new, words, Advisory.Kind.REMINDER)


def _open_to_all(late: list[Late]) -> list[Late]:
    """Without items that are shut to somebody: a letter that all of an office read would tell him of one."""
    uids = [one.item.uid for one in late]
    shut = set(Recusal.objects.filter(in_force(today()), thing_uid__in=uids).values_list("thing_uid", flat=True))
    return [one for one in late if one.item.uid not in shut]


def _check_reported(late: list[Late], to: Recipient) -> None:
    """The unit may have been found since, or a list may have brought the item with that body."""
    about = {one.item.subject_id: one.item for one in late}
    for item in about.values():
        check_recipient(reported(item), to)


def _of_late(on: date, *, is_inside: bool) -> str:
    """That something is overdue. How many and which, each reads below it in his own scope."""
    whose = "你部门承办" if is_inside else "转送你单位办理"
    return f"截至{day_in_words(on)}，{whose}的信访件中有超过规定期限尚未办理的，逐件见本函所附清单，请抓紧办理。"


def _written(
    about: Source, by: Viewer, new: NewAdvisory, words: Words, kind: Advisory.Kind = Advisory.Kind.WARNING
) -> Advisory:
    row = Advisory(
        kind=kind,
        code=next_code(Advisory, about.owner_office, WORD, new.on.year),
        **{"bulletin" if isinstance(about, PetitionBulletin) else "alarm": about},
        title=words.title[:200],
        told=words.told,
        figures=words.figures,
        asked=new.asked.strip(),
        office=new.office,
        body=new.body.strip()[:128],
        sent_on=new.on,
        sent_by=by.name[:64],
        asks_answer=new.asks_answer,
        due_on=new.due_on if new.asks_answer else None,
        owner_office=about.owner_office,
        owner_path=about.owner_path,
        subject=about.subject,
        subject_path=about.subject_path,
        source_uid=about.uid,
        level=Level.SENSITIVE,
    )
    row.save(force_insert=True)
    if new.office is not None:
        assign_to_office(thing_uid=row.uid, office=new.office, since=today())
    verb = "advisory.remind" if kind == Advisory.Kind.REMINDER else "advisory.send"
    record(by, verb, row, payload={"on": new.on.isoformat(), "to": str(new.office or new.body)})
    return row


def _words_of(about: Source) -> Words:
    if isinstance(about, Alarm):
        return _of_alarm(about)
    _check_kept(about)
    if about.outer is None:
        raise Refused("too-few", "件数过少，不能提供给本室以外")
    said = as_read(about.outer)
    told = "\n".join(filter(None, paragraphs(said)))
    return Words(title_of(period_of(about), said.about), told, about.outer)


def _check_kept(about: PetitionBulletin) -> None:
    if about.withdrawn_on is not None:
        raise Refused("already-decided", "该记录已撤下，请刷新页面")
    if about.inner is None:
        raise Refused("keep-first", "请先定稿")


#: What an advisory calls it that rose; of a word nothing is told.
ROSE = {
    Alarm.Rule.RISE: "信访举报件数超出预期",
    Alarm.Rule.SENDERS: "有多人反映同一人",
    Alarm.Rule.REPEATS: "重复信访比例偏高",
    Alarm.Rule.OVER_LEVEL: "越级信访增多",
    Alarm.Rule.SHARED: "同类问题涉及多个单位",
    Alarm.Rule.WORD: "同类反映涉及多个单位",
}
OF_UNITS = (Alarm.Rule.SHARED, Alarm.Rule.WORD)


def _of_alarm(alarm: Alarm) -> Words:
    """What rose and where; of persons, senders and items nothing, and no number that points at few."""
    if alarm.state != Alarm.State.CONFIRMED:
        raise Refused("confirm-first", "预警经研判确认后才能分送")
    what, begins = ROSE[Alarm.Rule(alarm.rule)], "起的一周"
    with override("zh-hans"):
        place = "".join(str(each) for each in (alarm.region, alarm.subject) if each)
        matter = matter_of(alarm).removeprefix(str(alarm.region or ""))
        count = ""
        if alarm.rule == Alarm.Rule.RISE and alarm.observed >= LEAST:
            count = f"，当周共{alarm.observed}件"
        if alarm.rule in OF_UNITS:
            count = f"，共涉及{alarm.observed}个单位"
        if alarm.since < alarm.week:
            begins = f"至{day_in_words(alarm.week + WEEK - timedelta(days=1))}"
        told = f"{day_in_words(min(alarm.since, alarm.week))}{begins}，{place}{matter}{what}{count}。"
    return Words(f"关于{place}{matter}{what}的预警提示", told)


def _check_day(about: Source, new: NewAdvisory) -> None:
    ready = about.kept_on if isinstance(about, PetitionBulletin) else about.decided_on
    if new.on > today() or (ready is not None and new.on < ready):
        raise Refused("step-date", "分送日期不早于定稿或研判之日，不晚于今天")
    if new.asks_answer and new.due_on is not None and new.due_on < new.on:
        raise Refused("answer-due", "反馈期限不能早于分送日期")


def _check_to(about: Source, new: NewAdvisory, kind: Advisory.Kind = Advisory.Kind.WARNING) -> None:
    if bool(new.office) == bool(new.body.strip()):
        raise Refused("recipient", "请选择接收部门，或写明其他机关名称")
    if new.office is not None and new.office.pk == about.owner_office_id:
        raise Refused("recipient-own", "不用分送本室")
    to = recipient(new.office, new.body)
    check_recipient(reported(about), to)
    if isinstance(about, Alarm) and about.rule in OF_UNITS:
        for item in units_of(guard.require_actor(), about):
            check_recipient(reported(item), to)
    same = {"office": new.office} if new.office else {"body": new.body.strip()}
    if Advisory.objects.filter(source_uid=about.uid, kind=kind, withdrawn_on__isnull=True, **same).exists():
        raise Refused("sent-twice", "已分送“%(name)s”", name=str(new.office or new.body.strip()))


@atomic
def receive(*, advisory: Advisory, by: Viewer, on: date, receiver: str = "") -> Advisory:
    """签收: by the office that it went to; of a body the sender writes down who signed. Raises Refused: not-allowed, …"""
    row = _recipients(advisory, by)
    if row.received_on is not None:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not row.sent_on <= on <= today():
        raise Refused("step-date", "日期不早于分送之日，不晚于今天")
    if row.office is None and not receiver.strip():
        raise Refused("receiver-named", "请写明签收人")
    row.received_on, row.received_by = on, (by.name if row.office else receiver.strip())[:64]
    row.save(update_fields=["received_on", "received_by"])
    record(by, "advisory.receive", row, payload={"on": on.isoformat()})
    return row


@atomic
def answer(*, advisory: Advisory, by: Viewer, on: date, text: str) -> Advisory:
    """反馈: what was done. Raises Refused: not-allowed, receive-first, already-decided, answer-words, step-date."""
    row = _recipients(advisory, by)
    if row.received_on is None:
        raise Refused("receive-first", "请先签收")
    if row.answered_on is not None:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not text.strip():
        raise Refused("answer-words", "请填写反馈情况")
    if not row.received_on <= on <= today():
        raise Refused("step-date", "日期不早于签收之日，不晚于今天")
    row.answered_on, row.answered_by, row.answer = on, by.name[:64], text.strip()
    row.save(update_fields=["answered_on", "answered_by", "answer"])
    record(by, "advisory.answer", row, payload={"on": on.isoformat()})
    return row


@atomic
def withdraw(*, advisory: Advisory, by: Viewer, reason: str, on: date | None = None) -> Advisory:
    """撤回 what went to the wrong place. Raises Refused: not-allowed, …"""
    row: Advisory = Advisory.objects.select_for_update(of=("self",)).get(pk=advisory.pk)
    if not guard.allow(by, "edit", row):
        raise Refused("not-allowed", "您没有撤回该预警提示的权限")
    take_back(row, reason, on)
    record(by, "advisory.withdraw", row, payload={"reason": reason.strip()[:200]})
    return row


def may_answer(viewer: Viewer, row: Advisory) -> bool:
    """The office that it went to; for a body without an office here, the office that sent it."""
    return serves(viewer, row.office_id or row.owner_office_id, "advisory", "answer")


def _recipients(advisory: Advisory, by: Viewer) -> Advisory:
    row: Advisory = Advisory.objects.select_related("office").select_for_update(of=("self",)).get(pk=advisory.pk)
    if not guard.allow(by, "answer", row) or not may_answer(by, row):
        raise Refused("not-allowed", "只有接收的室组可以签收和反馈")
    if row.withdrawn_on is not None:
        raise Refused("already-decided", "该记录已撤下，请刷新页面")
    return row
