"""Forms of talks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.net.subjects.models import Post
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import PeopleField, RoomForm
from jiandu.surfaces.desk.views.choices import own_offices


class TalkForm(RoomForm):
    """One talk: kind, day, theme, who talked (two at least), with whom."""

    kind = forms.ChoiceField(label=_("谈话种类"), choices=Talk.Kind.choices)
    on = day(_("谈话日期"))
    theme = line(_("主题"), required=True, most=200)
    office = forms.ChoiceField(label=_("承办室组"))
    officers = line(_("约谈人(不少于两人)"), required=True, most=200)
    people = PeopleField(label=_("谈话对象"), help_text=_("每行一人；同名的在姓名后空一格写单位"))
    activity = forms.ChoiceField(label=_("挂钩监督轮次"), required=False)
    place = line(_("地点"))
    outline = words(_("提纲"))
    learned = words(_("了解到的情况"))
    pointed_out = words(_("指出的问题"))
    follow_up_due_on = day(_("回访时限"), required=False, now=False)

    def prepare(self) -> None:
        viewer = guard.require_actor()
        rows = selectors.activities(viewer, kind=Activity.Kind.ROUND)[:50]
        self.choices("activity", [("", "—"), *((str(row.uid), str(row)) for row in rows)])
        self.choices("office", own_offices(viewer))


class AttendeeForm(RoomForm):
    people = PeopleField(label=_("谈话对象"), rows=2)


class PromiseForm(RoomForm):
    promise = words(_("表态承诺"))
    has_signed = forms.BooleanField(label=_("对象已签字"), required=False)


class CorrectAttendeeForm(RoomForm):
    """What was noted of one who came, as it should read, and why."""

    title = line(_("职务"), most=128)
    category = forms.ChoiceField(label=_("类别"), choices=Post.Kind.choices)
    promise = words(_("表态承诺"))
    has_signed = forms.BooleanField(label=_("对象已签字"), required=False)
    reason = line(_("原因"), required=True, most=200)

    def prepare(self) -> None:
        names = ("title", "category", "promise", "has_signed")
        self.begin(**{name: getattr(self.thing, name, "") for name in names})


class FollowUpForm(RoomForm):
    on = day(_("回访日期"))
    by_name = line(_("回访人"), most=64)
    note = words(_("回访结果"), required=True)
