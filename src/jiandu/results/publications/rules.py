"""What is legal given a 公开稿 and what was found in its words. Nothing is asked of the database here."""

from collections.abc import Sequence

from jiandu.base.core.errors import Refused
from jiandu.base.core.personal import Hit
from jiandu.results.publications.states import Verb, fits

Explained = Sequence[Sequence[str]]


def check_state(verb: Verb, state: str) -> None:
    """Raises Refused (already-decided)."""
    if not fits(verb, state):
        raise Refused("already-decided", "该事项已处理,请刷新页面")


def check_words(title: str, text: str, issuer: str) -> None:
    """Raises Refused (words-needed)."""
    if not (title.strip() and text.strip() and issuer.strip()):
        raise Refused("words-needed", "请填写标题、正文和发布单位")


def check_reason(text: str) -> None:
    """Raises Refused (reason-needed)."""
    if not text.strip():
        raise Refused("reason-needed", "请写明理由")


def check_second(by: int | None, *others: int | None) -> None:
    """Raises Refused (two-persons) for somebody who had a hand in it, and for nobody."""
    if by is None or by in others:
        raise Refused("two-persons", "起草、修改和送复核的人不能自己复核，请由另一人办理")


def check_seen(seen: int | None, last: int) -> None:
    """Raises Refused (changed-meanwhile) unless the last step that was looked at is the last there is."""
    if seen != last:
        raise Refused("changed-meanwhile", "内容已变，请重新查看")


def check_forbidden(hits: Sequence[Hit], where: Sequence[str]) -> None:
    """Raises Refused (personal-data) where something stands that is never published; it names each with its place."""
    if any(hit.is_forbidden for hit in hits):
        named = "；".join(place for hit, place in zip(hits, where, strict=True) if hit.is_forbidden)
        raise Refused("personal-data", "含有不得公开的身份证号或者银行卡号，请删除：%(named)s", named=named)


def check_explained(hits: Sequence[Hit], where: Sequence[str], explained: Explained) -> None:
    """Raises Refused (explain-personal) where something personal stands without a reason."""
    known = {tuple(each) for each in explained}
    left = [place for hit, place in zip(hits, where, strict=True) if (hit.kind.value, hit.plain) not in known]
    if left:
        raise Refused("explain-personal", "含有个人信息，请删除，或者写明保留理由：%(named)s", named="；".join(left))
