"""What a petition says, as far as the session's keys open it: its words, the files that came with it, the dialogue with who reported."""

from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.cleaning import is_cleanable
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions import intake, selectors, vault
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.states import Way
from jiandu.sources.petitions.vault import Content
from jiandu.surfaces.desk.registers import Section

FILES = (
    (gettext_lazy("附件"), "main"),
    (gettext_lazy("来源信息"), ""),
    (gettext_lazy("转出用副本"), ""),
    (gettext_lazy("大小"), "num"),
)
DIALOGUE = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("发言"), ""),
    (gettext_lazy("内容"), "wrap"),
)


@dataclass(frozen=True)
class Opened:
    """What an open session reads of a petition: nothing where no key at hand opens it."""

    content: Content | None
    has_sender: bool
    is_locked: bool
    is_online: bool = False
    dialogue: list[intake.Said] = field(default_factory=list)
    read: tuple[vault.Read, ...] = ()  # who had its papers, the latest first


def content_sections(opened: Opened) -> list[Section]:
    """What it says, as far as it is open; else where it is unlocked."""
    if opened.content is None:
        where = _("密封中。点“解锁”，解锁后在此显示，查阅留痕。") if opened.is_locked else _("没有密封给您持有的密钥")
        return [Section(_("反映内容"), empty=where)]
    told = opened.content
    lines = [
        (_("主题"), told.topic),
        (_("被反映人"), " ".join(filter(None, (told.person, told.post, told.unit)))),
        (_("关键词"), told.keywords),
        (_("答复意见"), told.reply),
    ]
    more = "\n\n".join(_("%(label)s：%(text)s") % {"label": label, "text": text} for label, text in lines if text)
    sender = _("举报人信息另行密封，由举报人信息保管员保管") if opened.has_sender else ""
    return [Section(_("反映内容"), words="\n\n".join(filter(None, (told.summary, more, sender))))]


def online_sections(one: Petition, opened: Opened) -> list[Section]:
    """What came with a report from the portal, and the dialogue; the office's answers open for the receipt alone."""
    files = opened.content.files if opened.content else ()
    lines = [{"cells": _file_cells(one, number, each)} for number, each in enumerate(files, 1)]
    said = [
        {
            "cells": [
                iso(each.on),
                _("本机关") if each.is_answer else _("举报人"),
                each.text or (_("已密封给举报人") if each.is_answer else _("密封中")),
            ]
        }
        for each in opened.dialogue
    ]
    sections = [Section(_("附件"), FILES, lines)] if lines else []
    return [*sections, Section(_("网上对话"), DIALOGUE, said, empty=_("还没有对话"))] if opened.is_online else sections


def _file_cells(one: Petition, number: int, file: dict[str, Any]) -> list[Any]:
    """It as it came, cleaned then or not; a copy without what it says of place, device and author, where there can be one; its size."""
    where = reverse("desk:petition-file", args=[one.uid, file["uid"]])
    copy: Any = _("清除不了，请用纸件")
    if is_cleanable(file["name"]):
        copy = {"text": _("已清除来源信息"), "href": f"{where}?copy=1"}
    came = _("举报人提交时已清除") if file.get("is_cleaned") else _("原样提交")
    return [{"text": _("附件%(number)d") % {"number": number}, "href": where}, came, copy, filesizeformat(file["size"])]


def opened_of(viewer: Viewer, one: Petition, unlocked: Any) -> Opened:
    """What the session's keys open of it."""
    content, has_sender = vault.look_into(one, unlocked)
    is_online = one.way == Way.WEB and intake.is_online(one)
    dialogue = intake.dialogue_of(one, unlocked) if is_online else []
    read = vault.read_by(selectors.readings_of(viewer, one), unlocked)
    return Opened(content, has_sender, unlocked is None, is_online, dialogue, read)
