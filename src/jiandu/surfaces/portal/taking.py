"""A report as it is taken: its files cleaned as who reports wishes, then all of it filed, or nothing with the reason on the form."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.intake.services.cleaning import KIND, Outcome, Wish, clean_files
from jiandu.base.intake.services.filing import NewReport, file_report, receiver_of
from jiandu.base.intake.services.tickets import Ticket, new_ticket
from jiandu.base.sealing.receipts import Receipt
from jiandu.surfaces.door.answers import words_of
from jiandu.surfaces.portal.forms import ReportForm
from jiandu.surfaces.portal.uploads import SealedUpload

NO_FIELD = None
_VIDEO = gettext_lazy("这种视频清除不了：可以截取要紧的画面，存成图片提交")
_SOUND = gettext_lazy("这种录音清除不了：可以把要紧的话写进反映内容")
_OLD = gettext_lazy("旧格式和WPS格式清除不了：请另存为docx、xlsx、pptx或者PDF再提交")
_PACKED = gettext_lazy("压缩包清除不了：请解开后逐个提交")
_PICTURE = gettext_lazy("这种图片清除不了：请另存为JPG或者PNG再提交")
#: What to do about a kind of file that cannot be cleaned.
KINDS = {
    ".avi": _VIDEO,
    **dict.fromkeys((".doc", ".xls", ".ppt", ".wps", ".et", ".dps"), _OLD),
    **dict.fromkeys((".zip", ".rar", ".7z"), _PACKED),
    **dict.fromkeys((".bmp", ".tif", ".tiff"), _PICTURE),
    ".ofd": gettext_lazy("OFD文件清除不了：请打印成PDF再提交"),
    ".eml": gettext_lazy("邮件清除不了，往来双方和路径都写在里面：请只截取要紧的内容"),
}
#: And about one whose coding we cannot look into.
STRANGE = {
    **dict.fromkeys((".mp4", ".mov", ".3gp"), _VIDEO),
    **dict.fromkeys((".m4a", ".mp3", ".wav", ".amr", ".aac"), _SOUND),
    ".heic": _PICTURE,
    ".pdf": gettext_lazy("PDF里有清除不了的图片或者媒体：请打印成新的PDF再提交"),
}
_COMPLEX = gettext_lazy("文件太大或者太复杂，没有清除成：请拆成几个，或者减少页数、缩小图片再提交")
_DAMAGED = gettext_lazy("没有清除成：文件损坏，或者内容与后缀不符，请核对")
#: The same by the code of the reader.
REASONS = {
    "password": gettext_lazy("文件设有密码，没有清除成：请去掉密码再提交"),
    "encrypted_part": gettext_lazy("文件设有密码，没有清除成：请去掉密码再提交"),
    "embedded": gettext_lazy("文件里嵌有别的文件，没有清除成：请取出来分别提交"),
    "stranger_picture": gettext_lazy("文件里有清除不了的图片或者媒体：请另存为PDF再提交"),
    "stranger_part": gettext_lazy("文件里有我们认不出、清除不了的部分：请打印成PDF再提交"),
    "macros": gettext_lazy("文件带有宏，没有清除成：请另存为不带宏的文件或者PDF再提交"),
    "external_link": gettext_lazy("文件引用了别的文件或者数据，没有清除成：请另存为PDF再提交"),
    **dict.fromkeys(("too_slow", "too_much_memory", "unpacked_too_big", "file_too_big", "bomb"), _COMPLEX),
    **dict.fromkeys(("too_many_parts",), _COMPLEX),
}


class Taking:
    """One form that was sent. `told` is what became of its files; `next_ticket` what it comes back with when it was refused."""

    def __init__(self, request: HttpRequest, ticket: Ticket) -> None:
        self._ticket, self._proof = ticket, request.GET.get("proof", "")
        self._handler: Any = request.upload_handlers[0]
        self._sent = [each.sealed for each in request.FILES.getlist("files") if isinstance(each, SealedUpload)]
        self._outcomes: list[Outcome] | None = None
        self._wish = ""

    @property
    def next_ticket(self) -> Ticket:
        """The same one again, unless it has paid for a cleaning."""
        return self._ticket if self._outcomes is None else new_ticket("report")

    @property
    def told(self) -> list[tuple[str, str]]:
        """(a file as its sender calls it, what became of what it says of its maker)."""
        if self._outcomes is None:
            return [(file.name, _("原样提交")) for file in self._sent]
        return [
            (each.name, _("清除不了，原样提交") if each.why else _("已清除来源信息，原件没有保留"))
            for each in self._outcomes
        ]

    def filed(self, form: ReportForm) -> Receipt | None:
        """The receipt, or None with the reason on the form."""
        if self._handler.refused is not None:
            form.add_error(NO_FIELD, words_of(self._handler.refused))
        if not form.is_valid():
            return None
        try:
            return self._filed(form)
        except Refused as refused:
            form.add_error(NO_FIELD, words_of(refused))
            return None

    def _filed(self, form: ReportForm) -> Receipt | None:
        receiver_of(_new(form))
        files = self._sent
        if form.cleaned_data["cleaning"] != Wish.NONE and files:
            self._outcomes = clean_files(files=files, ticket=self._ticket, proof=self._proof)
            files = [each.file for each in self._outcomes]
            self._handler.also(files)
            if form.cleaned_data["cleaning"] == Wish.ALL and any(each.why for each in self._outcomes):
                self._say_why(form, self._outcomes)
                return None
        receipt = file_report(new=_new(form, files), ticket=self._ticket, proof=self._proof)
        self._handler.keep(files)
        return receipt

    def _say_why(self, form: ReportForm, outcomes: list[Outcome]) -> None:
        """By name, with what to do; a browser forgets the files, so all of them are chosen anew."""
        form.add_error(
            NO_FIELD, _("有附件清除不了来源信息，什么也没有提交。请按下面说的办，重新选择全部附件；或者改选原样提交")
        )
        for each in outcomes:
            if each.why:
                form.add_error(NO_FIELD, _("%(name)s：%(why)s") % {"name": each.name, "why": why_of(each)})


def why_of(outcome: Outcome) -> str:
    """Why it is not cleaned, and what to do."""
    suffix = Path(outcome.name).suffix.lower()
    if outcome.why == KIND:
        return str(KINDS[suffix])
    if outcome.why == "stranger_picture" and suffix in STRANGE:
        return str(STRANGE[suffix])
    return str(REASONS.get(outcome.why, _DAMAGED))


def _new(form: ReportForm, files: Any = ()) -> NewReport:
    return NewReport(
        office=form.chosen,
        rank=form.cleaned_data["rank"],
        said=form.said,
        is_own=form.cleaned_data["is_own"],
        sender=form.sender,
        files=files,
    )
