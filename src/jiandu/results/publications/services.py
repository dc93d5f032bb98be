"""Verbs of a 公开稿: drafted, changed, sent to a second person, published; a withdrawal asked for and confirmed."""

from dataclasses import dataclass
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.marks import is_marked
from jiandu.base.published.services import NewNotice, empty, put_up
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.results.publications import rules
from jiandu.results.publications.models import Publication, PublicationStep
from jiandu.results.publications.scanning import scan
from jiandu.results.publications.selectors import hands_of, last_step
from jiandu.results.publications.states import DRAFT, MOVES, State, Verb

WORD = "GK"


@dataclass(frozen=True)
class Words:
    """What the public is to read."""

    kind: str
    title: str
    text: str
    issuer: str


@atomic
def draft(*, office: Office, words: Words, by: Viewer, subject: Organisation | None = None) -> Publication:
    """起草: of an office, about a unit where there is one (who is recused from it does not see the draft).

    Raises Refused: not-allowed, words-needed, classified.
    """
    if not guard.allow(by, "create", Publication):
        raise Refused("not-allowed", "您没有起草公开稿的权限")
    row = Publication(
        code=next_code(Publication, office, WORD, today().year),
        written_by_id=by.user_id,
        owner_office=office,
        owner_path=office.path,
        subject=subject,
        subject_path=subject.path if subject else "",
        level=Level.INTERNAL,
        **_checked(words),
    )
    row.save(force_insert=True)
    return _step(row, DRAFT, by)


@atomic
def rewrite(*, publication: Publication, words: Words, by: Viewer) -> Publication:
    """修改, while it is a draft. Raises Refused: not-allowed, already-decided, words-needed, classified."""
    row = _locked(publication, by, "edit", Verb.REWRITE)
    changed = _checked(words)
    for name, value in changed.items():
        setattr(row, name, value)
    row.written_by_id, row.explained, row.explanation = by.user_id, [], ""
    return _move(row, Verb.REWRITE, by, *changed, "written_by", "explained", "explanation")


@atomic
def ask(*, publication: Publication, by: Viewer, explanation: str = "") -> Publication:
    """送复核: looked through first. What may stand with a reason stands with `explanation`.

    Raises Refused: not-allowed, already-decided, personal-data, explain-personal.
    """
    row = _locked(publication, by, "edit", Verb.ASK)
    found = scan(by, row)
    rules.check_forbidden(found.hits, found.where)
    row.explanation = explanation.strip()[:500]
    row.explained = found.kept if row.explanation else []
    rules.check_explained(found.hits, found.where, row.explained)
    row.asked_by_id = by.user_id
    return _move(row, Verb.ASK, by, "explanation", "explained", "asked_by", note=row.explanation)


@atomic
def send_back(*, publication: Publication, by: Viewer, reason: str) -> Publication:
    """退回修改. Raises Refused: not-allowed, already-decided, reason-needed."""
    row = _locked(publication, by, "publish", Verb.RETURN)
    rules.check_reason(reason)
    return _move(row, Verb.RETURN, by, note=reason)


@atomic
def publish(*, publication: Publication, by: Viewer, seen: int | None) -> Publication:
    """复核公开: a second person, of what was `seen` (the number of its last step). The copy for the public is frozen under
    the next number of the year.

    What is in the text is looked through again: the directory may know another name by now.
    Raises Refused: not-allowed, already-decided, two-persons, changed-meanwhile, personal-data, explain-personal.
    """
    row = _locked(publication, by, "publish", Verb.PUBLISH)
    rules.check_second(by.user_id, row.written_by_id, row.asked_by_id, *hands_of(by, row))
    rules.check_seen(seen, last_step(by, row))
    found = scan(by, row)
    rules.check_forbidden(found.hits, found.where)
    rules.check_explained(found.hits, found.where, row.explained)
    row.confirmed_by_id, row.published_on = by.user_id, today()
    notice = put_up(new=NewNotice(row.uid, row.kind, row.title, row.text, row.issuer, row.published_on))
    row.number = str(notice)
    return _move(row, Verb.PUBLISH, by, "confirmed_by", "published_on", "number", note=row.number)


@atomic
def drop(*, publication: Publication, by: Viewer, reason: str) -> Publication:
    """作废 a draft. Raises Refused: not-allowed, already-decided, reason-needed."""
    row = _locked(publication, by, "edit", Verb.DROP)
    rules.check_reason(reason)
    return _move(row, Verb.DROP, by, note=reason)


@atomic
def ask_recall(*, publication: Publication, by: Viewer, reason: str) -> Publication:
    """申请撤下 what is public. Raises Refused: not-allowed, already-decided, reason-needed."""
    row = _locked(publication, by, "edit", Verb.ASK_RECALL)
    rules.check_reason(reason)
    row.recall_asked_by_id, row.recall_for = by.user_id, reason.strip()[:200]
    return _move(row, Verb.ASK_RECALL, by, "recall_asked_by", "recall_for", note=reason)


@atomic
def keep(*, publication: Publication, by: Viewer, reason: str) -> Publication:
    """不予撤下: it stays public. Raises Refused: not-allowed, already-decided, reason-needed."""
    row = _locked(publication, by, "publish", Verb.KEEP)
    rules.check_reason(reason)
    row.recall_asked_by_id, row.recall_for = None, ""
    return _move(row, Verb.KEEP, by, "recall_asked_by", "recall_for", note=reason)


@atomic
def recall(*, publication: Publication, by: Viewer, seen: int | None) -> Publication:
    """复核撤下: a second person, of what was `seen` (the number of its last step). The public's copy is emptied.

    Raises Refused: not-allowed, already-decided, two-persons, changed-meanwhile.
    """
    row = _locked(publication, by, "publish", Verb.RECALL)
    rules.check_second(by.user_id, row.recall_asked_by_id)
    rules.check_seen(seen, last_step(by, row))
    row.recall_confirmed_by_id, row.recalled_on = by.user_id, today()
    empty(uid=row.uid, on=row.recalled_on)
    return _move(row, Verb.RECALL, by, "recall_confirmed_by", "recalled_on", note=row.recall_for)


def _checked(words: Words) -> dict[str, str]:
    rules.check_words(words.title, words.text, words.issuer)
    if any(is_marked(part) for part in (words.title, words.issuer, *words.text.split("\n\n"))):
        raise Refused("classified", "内容带有国家秘密标志,本系统不得存储、处理涉密文件")
    title, issuer = " ".join(words.title.split())[:100], " ".join(words.issuer.split())[:64]
    text = words.text.replace("\r\n", "\n").strip()
    return {"kind": words.kind, "title": title, "text": text, "issuer": issuer}


def _locked(publication: Publication, by: Viewer, right: str, verb: Verb) -> Publication:
    row: Publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    if not guard.allow(by, right, row):
        raise Refused("not-allowed", "您没有办理该公开稿的权限")
    rules.check_state(verb, row.state)
    return row


def _move(row: Publication, verb: Verb, by: Viewer, *columns: str, note: str = "") -> Publication:
    row.state = MOVES[verb].after
    row.save(update_fields=["state", *columns])
    return _step(row, verb.value, by, note)


def _step(row: Publication, verb: str, by: Viewer, note: str = "") -> Publication:
    said = {"verb": verb, "after": State(row.state).value, "note": note.strip()[:500]}
    seq = last_step(by, row) + 1
    step = PublicationStep(publication=row, seq=seq, on=today(), by_id=by.user_id, by_name=by.name[:64], **said)
    step.save(force_insert=True)
    payload: dict[str, Any] = {"note": said["note"]} if said["note"] else {}
    record(by, f"publication.{verb}", row, payload=payload)
    return row
