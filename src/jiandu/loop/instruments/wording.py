"""The words of a kind of sheet as an office writes them: title, addressee, and one text with headings and places.

A line that begins with # is a heading; {事由} stands for what it names; 【所列问题】 on a line of its own is what the passage
is made of. A blank line ends a passage, which is left out of a sheet where what it is made of is empty.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.loop.instruments.kinds import PLACE, Kind, Part

#: What a place is called, by its name in the template.
PLACES = {
    "unit": "单位",
    "title": "事由",
    "source": "问题来源",
    "nature": "问题性质",
    "study": "研究部署期限",
    "term": "反馈期限",
    "leader": "分管领导",
    "basis": "法规依据",
    "refusal": "不采纳的依据",
    "code": "内部编号",
    "retention": "保管期限",
}
PIECES = {
    "nature": "问题性质",
    "facts": "调查情况",
    "causes": "原因分析",
    "advice": "工作建议",
    "reply_ask": "反馈要求",
    "suggestions": "建议内容",
    "findings": "所列问题",
}
#: Places that only some kinds have something for.
_OF_KIND = {"study", "basis", "refusal", "leader"}
_WORD = re.compile(r"\{([^{}]*)\}")
_PIECE = re.compile(r"【([^【】]*)】")
MOST = 4000


def places_of(kind: Kind) -> dict[str, str]:
    """Word → name of the places that the kind has something for."""
    cites = dict(kind.cites)
    known = {"study": bool(kind.study_term), "basis": "basis" in cites, "refusal": "refusal" in cites}
    known["leader"] = "{leader}" in kind.to
    return {word: name for name, word in PLACES.items() if name not in _OF_KIND or known[name]}


def as_words(text: str) -> str:
    """A template's words with places called in Chinese."""
    return PLACE.sub(lambda place: f"{{{PLACES[place[1]]}}}", text)


def as_text(parts: tuple[Part, ...]) -> str:
    """The passages as one text."""
    told = []
    for part in parts:
        piece = f"【{PIECES[part.of]}】" if part.of else ""
        lines = [f"# {as_words(part.heading)}" if part.heading else "", as_words(part.text), piece]
        told.append("\n".join(line for line in lines if line))
    return "\n\n".join(told)


def worded(kind: Kind, *, title: str, to: str, text: str) -> Kind:
    """The kind in these words. Raises Refused (wording) with the line and what is wrong with it."""
    if not title.strip() or not to.strip() or not text.strip():
        raise Refused("wording", _("标题、主送和正文都要填写"))
    parts = tuple(_passages(kind, text))
    made = replace(
        kind, title=_named(kind, title.strip(), _("标题")), to=_named(kind, to.strip(), _("主送")), parts=parts
    )
    _check_whole(kind, made)
    return made


def _named(kind: Kind, text: str, where: object) -> str:
    """The words with places by their names in the template. Raises Refused (wording)."""
    known = places_of(kind)
    strange = [word for word in _WORD.findall(text) if word not in known]
    if strange or "{" in _WORD.sub("", text) or "}" in _WORD.sub("", text):
        said = _("%(where)s：没有“{%(word)s}”这个占位；可用的有：%(known)s") if strange else _("%(where)s：花括号不成对，可用的占位有：%(known)s")  # fmt: skip
        known_words = "、".join(f"{{{word}}}" for word in known)
        raise Refused("wording", said, where=str(where), word=strange[0] if strange else "", known=known_words)
    return _WORD.sub(lambda place: f"{{{known[place[1]]}}}", text)


def _passages(kind: Kind, text: str) -> Iterator[Part]:
    part, begun = Part(), False
    for number, line in enumerate([*text.splitlines(), ""], 1):
        said, where = line.strip(), _("第%(number)d行") % {"number": number}
        if not said:
            if begun:
                yield part
            part, begun = Part(), False
            continue
        if part.of:
            raise Refused("wording", _("%(where)s：【】独占一段的最后一行，之后请空一行"), where=str(where))
        part, begun = _with(kind, part, said, str(where)), True


def _with(kind: Kind, part: Part, said: str, where: str) -> Part:
    """The passage with one more line."""
    pieces = {word: name for name, word in PIECES.items()}
    if "【" in said or "】" in said:
        found = _PIECE.fullmatch(said)
        if found is None or found[1] not in pieces:
            known = "、".join(f"【{word}】" for word in pieces)
            raise Refused(
                "wording", _("%(where)s：内容项应独占一行，并为其中之一：%(known)s"), where=where, known=known
            )
        return replace(part, of=pieces[found[1]])
    if said.startswith(("#", "＃")):
        if part.heading or part.text:
            raise Refused("wording", _("%(where)s：标题应为一段的第一行，之前请空一行"), where=where)
        return replace(part, heading=_named(kind, said.lstrip("#＃ "), where))
    if part.text:
        raise Refused("wording", _("%(where)s：一段只有一句引导语，另起一段请空一行"), where=where)
    return replace(part, text=_named(kind, said, where))


def _check_whole(kind: Kind, made: Kind) -> None:
    """What the shipped words of a kind are made of and cite stays in it: that is what the rules ask for."""
    held, shipped = {part.of for part in made.parts}, [part.of for part in kind.parts if part.of]
    twice = [of for of in held if of and [part.of for part in made.parts].count(of) > 1]
    gone = [f"【{PIECES[of]}】" for of in shipped if of not in held]
    said = " ".join(part.text for part in made.parts)
    gone += [f"{{{PLACES[name]}}}" for name, _matter in kind.cites if f"{{{name}}}" not in said]
    if gone:
        raise Refused("wording", _("该文种应有以下内容，不能删去：%(gone)s"), gone="、".join(gone))
    if twice:
        raise Refused(
            "wording", _("内容项只能出现一次：%(twice)s"), twice="、".join(f"【{PIECES[of]}】" for of in twice)
        )
