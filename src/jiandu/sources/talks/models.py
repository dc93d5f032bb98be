"""Talks, who was talked to, who talked, and the follow-up. A talk carries no clue: that is handed over sealed, on paper."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.net.access.models import Level, Owned
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person, Post
from jiandu.sources.activities.models import Activity


class Talk(Owned, Withdrawable):
    """One talk, with one person or a group: theme and outline once. In a round it names the round and counts in both."""

    class Kind(models.TextChoices):
        """Distinct acts with distinct consequences; a figure counts one kind, never a sum of them."""

        PROACTIVE = "proactive", _("主动约谈")
        INTEGRITY = "integrity", _("廉政谈话")
        APPOINTMENT = "appointment", _("任前谈话")
        REMINDER = "reminder", _("提醒谈话")
        DUTY = "duty", _("主体责任约谈")
        FIRST_FORM = "first_form", _("谈话提醒")

    kind = models.CharField(_("谈话种类"), max_length=16, choices=Kind.choices)
    code = models.CharField(_("编号"), max_length=32)
    on = models.DateField(_("谈话日期"))
    place = models.CharField(_("地点"), max_length=128, blank=True)
    theme = models.CharField(_("主题"), max_length=200)
    outline = models.TextField(_("提纲"), blank=True)
    learned = models.TextField(_("了解到的情况"), blank=True)
    pointed_out = models.TextField(_("指出的问题"), blank=True)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("挂钩监督轮次")
    )
    follow_up_due_on = models.DateField(_("回访时限"), null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("谈话")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="talk_code_once_per_office"),
            models.CheckConstraint(
                condition=Q(follow_up_due_on__isnull=True) | Q(follow_up_due_on__gte=F("on")), name="talk_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "on"], name="talk_by_kind"),  # measures, list
            models.Index(fields=["owner_office", "on"], name="talk_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="talk_by_path"),  # scope
            models.Index(fields=["subject_path"], name="talk_by_subject_path"),  # scope, unit file
            models.Index(fields=["source_uid"], name="talk_by_source_uid"),  # scope: assigned rounds
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.theme}"


class Seat(models.Model):
    """Who is talked to: a person in the unit and post of the day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("谈话对象"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    title = models.CharField(_("职务"), max_length=128, blank=True)
    category = models.CharField(_("类别"), max_length=8, choices=Post.Kind.choices)  # on the day of the talk

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.person)


class Attendee(Seat, Part, Stamped, Withdrawable):
    """谈话对象: one person once a talk, in the unit and post of that day."""

    KEY = (Post.Kind.HEAD, Post.Kind.TEAM, Post.Kind.KEY)  # 关键少数及重点岗位

    root_field = "talk"
    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="attendees")
    on = models.DateField(_("谈话日期"))  # of the talk, which never changes: figures tell months apart by it
    promise = models.TextField(_("表态承诺"), blank=True)
    has_signed = models.BooleanField(_("对象已签字"), default=False)

    class Meta(Part.Meta):
        verbose_name = _("谈话对象")
        constraints = [
            models.UniqueConstraint(
                fields=["talk", "person"], condition=Q(withdrawn_on__isnull=True), name="attendee_once"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="attendee_by_person")]  # measures, person page


class Talker(Part, Stamped):
    """约谈人: an officer who held the talk. There are at least two."""

    root_field = "talk"
    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="talkers")
    name = models.CharField(_("约谈人"), max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    is_recorder = models.BooleanField(_("记录人"), default=False)

    class Meta(Part.Meta):
        verbose_name = _("约谈人")
        constraints = [models.UniqueConstraint(fields=["talk", "name"], name="talker_once")]

    def __str__(self) -> str:
        return self.name


class FollowUp(Part, Stamped):
    """回访: what was seen of the promise."""

    root_field = "talk"
    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="follow_ups")
    on = models.DateField(_("回访日期"))
    by_name = models.CharField(_("回访人"), max_length=64)
    note = models.TextField(_("回访结果"))

    class Meta(Part.Meta):
        verbose_name = _("谈话回访")

    def __str__(self) -> str:
        return f"{self.on} {self.by_name}"


class TalkPlan(Owned, Withdrawable):
    """谈话计划: a talk that is to be held, with its outline. No talk, and counted nowhere, until one is held on it."""

    access_kind = "talk"  # whoever may keep talks may plan them
    still_open = Q(withdrawn_on__isnull=True, talk__isnull=True)

    kind = models.CharField(_("谈话种类"), max_length=16, choices=Talk.Kind.choices)
    on = models.DateField(_("计划日期"))
    place = models.CharField(_("地点"), max_length=128, blank=True)
    theme = models.CharField(_("主题"), max_length=200)
    outline = models.TextField(_("提纲"), blank=True)
    officers = models.JSONField(_("约谈人"), default=list)  # list of names: str, two at least
    recorder = models.CharField(_("记录人"), max_length=64, blank=True)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("挂钩监督轮次")
    )
    talk = models.OneToOneField(Talk, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("谈话"))

    class Meta(Owned.Meta):
        verbose_name = _("谈话计划")
        constraints = [
            models.CheckConstraint(condition=~Q(theme=""), name="talk_plan_has_theme"),
            models.CheckConstraint(
                condition=Q(talk__isnull=True) | Q(withdrawn_on__isnull=True), name="talk_plan_held_or_given_up"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "on"], name="talk_plan_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="talk_plan_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.theme


class Invitee(Seat, Part, Stamped, Withdrawable):
    """Who is to be talked to, in the unit and post that the directory knows for the day planned."""

    root_field = "plan"
    plan = models.ForeignKey(TalkPlan, on_delete=models.PROTECT, related_name="invitees")

    class Meta(Part.Meta):
        verbose_name = _("拟谈话对象")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "person"], condition=Q(withdrawn_on__isnull=True), name="invitee_once"
            ),
        ]


class ClueHandover(Owned, Withdrawable):
    """线索密封移交: that a clue which came up in a talk or an alert went on, sealed, to the office that keeps clues. Never what it says.

    There is no column that a content could stand in. The row is of level 2 and opened to the receiver alone: whoever may
    only see the talk does not learn that there is one. The talk itself knows nothing of it.
    """

    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("谈话"))
    on = models.DateField(_("移交日期"))
    by_name = models.CharField(_("移交人"), max_length=64)
    receiver = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("接收室组"))
    envelope = models.CharField(_("密封件编号"), max_length=32)
    sha256 = models.CharField(
        _("密封件校验值"), max_length=64, blank=True
    )  # of a sealed file that went beside our system
    received_on = models.DateField(_("接收日期"), null=True)
    received_by = models.CharField(_("接收人"), max_length=64, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("线索密封移交")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_office", "envelope"],
                condition=Q(withdrawn_on__isnull=True),
                name="clue_envelope_once_per_office",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_by="")
                | (Q(received_on__isnull=False, received_on__gte=F("on")) & ~Q(received_by="")),
                name="clue_received_by_somebody",
            ),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="clue_is_sensitive"),
        ]
        indexes = [
            models.Index(fields=["owner_office", "on"], name="clue_by_office"),  # scope, list, measure
            models.Index(fields=["source_uid"], name="clue_by_source_uid"),  # scope
        ]

    def __str__(self) -> str:
        return self.envelope
