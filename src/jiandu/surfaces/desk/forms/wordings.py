"""The form in which the words of a kind are written."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.loop.instruments.wording import PIECES, places_of
from jiandu.surfaces.desk.forms.fields import line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm


class WordingForm(RoomForm):
    """Begins with the words in use; says which places and pieces there are."""

    title = line(_("标题"), required=True, most=200)
    to = line(_("主送"), required=True, most=200)
    text = words(_("正文"), required=True, rows=18)
    about: Any = _(
        "以#开头的行是标题；空一行另起一段；段内【】所指内容为空的，文书中整段略去。保存为新版本，预览后启用；已起草的文书仍用原版本。"
    )

    def prepare(self) -> None:
        if self.thing is None:
            return
        title, to, text = self.thing.said
        self.begin(title=title, to=to, text=text)
        places = "、".join(f"{{{word}}}" for word in places_of(self.thing.kind))
        pieces = "、".join(f"【{word}】" for word in PIECES.values())
        self.told = [_("占位：%(names)s") % {"names": places}, _("内容项：%(names)s") % {"names": pieces}]
