"""What decides: grants of roles, assignments of single records, recusals. And `Owned`, which protected roots extend."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Own, Part, Root
from jiandu.base.core.models import Stamped
from jiandu.net.access.signing import Scanned, Signing, signed_with_scan
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Period, in_order


class Level(models.IntegerChoices):
    """Handling levels; deliberately not the statutory words for state secrets."""

    PUBLIC = 0, _("公开")
    INTERNAL = 1, _("内部")
    SENSITIVE = 2, _("工作敏感")
    NAMED = 3, _("专案点名")


class Owned(Stamped, Root):
    """A protected record: which office owns it, which unit it is about, how sensitive it is.

    `source_uid` is the record it was filed under, `came_of` says what it came of: whoever is assigned one of these
    reaches this one, whoever is recused from one does not see this one.
    """

    path_copies: ClassVar[dict[str, str]] = {"owner_path": "owner_office", "subject_path": "subject"}
    words: ClassVar[str] = "uid"  # the column that tells what it is about
    read_by_place: ClassVar[bool] = False  # a town's commission reads it where its unit lies in the town
    still_open: ClassVar[Q | None] = None  # which rows are not finished: an office cannot close on them

    owner_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("承办室组"))
    owner_path = models.CharField(max_length=192, editable=False)
    subject = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("责任单位")
    )
    subject_path = models.CharField(max_length=192, blank=True, editable=False)
    source_uid = models.UUIDField(null=True, editable=False)
    level = models.PositiveSmallIntegerField(_("级别"), choices=Level.choices, default=Level.INTERNAL)
    unit_sees = models.BooleanField(_("责任单位可见"), default=False)

    class Meta(Root.Meta):
        abstract = True

    @property
    def kept(self) -> str:
        """From 工作敏感 on, its level: it stands for its words wherever they would be shown beside others'.

        Its own page says them, after the look was logged (`selectors.look`).
        """
        return "" if self.level < Level.SENSITIVE else str(Level(self.level).label)

    def listed_as(self, words: str) -> str:
        """What stands for these words of it in a list."""
        return self.kept or words

    @property
    def listed(self) -> str:
        """What stands for it in a list."""
        return self.listed_as(str(getattr(self, self.words)))


class Grant(Stamped, Period):
    """A role held by a user, in an office or for a unit. A secretary's grant names the leader it acts for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants", verbose_name=_("用户")
    )
    role = models.CharField(_("角色"), max_length=32)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    acts_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("代为办理的领导"),
    )

    class Meta:
        verbose_name = _("授权")
        constraints = [
            in_order("grant_in_order"),
            models.CheckConstraint(
                condition=~Q(office__isnull=False, organisation__isnull=False), name="grant_office_or_unit"
            ),
        ]
        indexes = [models.Index(fields=["user", "since"], name="grant_by_user")]  # each request builds the viewer

    def __str__(self) -> str:
        return str(self.user)


class Assignment(Stamped, Period):
    """One record opened to an office or, by name, to one user (need to know)."""

    thing_uid = models.UUIDField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("指定承办")
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=True, user__isnull=False) | Q(office__isnull=False, user__isnull=True),
                name="assignment_office_or_user",
            ),
            models.UniqueConstraint(fields=["office", "thing_uid", "since"], name="assignment_office_once"),
            models.UniqueConstraint(fields=["user", "thing_uid", "since"], name="assignment_user_once"),
        ]
        indexes = [models.Index(fields=["thing_uid"], name="assignment_by_thing")]  # record page: who is assigned

    def __str__(self) -> str:
        return str(self.thing_uid)


class Recusal(Stamped, Period):
    """A person who must not touch a record, or anything about a unit. The reason may stay empty (reporter's relative)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals", verbose_name=_("回避人")
    )
    thing_uid = models.UUIDField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("回避单位")
    )
    reason = models.CharField(_("事由"), max_length=128, blank=True)

    class Meta:
        verbose_name = _("回避")
        constraints = [
            models.CheckConstraint(
                condition=Q(thing_uid__isnull=True, organisation__isnull=False)
                | Q(thing_uid__isnull=False, organisation__isnull=True),
                name="recusal_record_or_unit",
            ),
        ]
        indexes = [models.Index(fields=["user", "thing_uid"], name="recusal_by_user")]  # every scoped statement

    def __str__(self) -> str:
        return f"{self.user} 回避"


class Handover(Stamped, Own):
    """交接单: what is in an officer's hands (`made_by`) goes to another on a day, by a list that both sign."""

    shown_to = ("receiver", "supervisor")

    class Why(models.TextChoices):
        LEAVING = "leaving", _("离岗")
        MOVING = "moving", _("调动")
        SECONDED = "seconded", _("借调")
        AWAY = "away", _("休假")
        DIVISION = "division", _("分工调整")

    class State(models.TextChoices):
        DRAFTED = "drafted", _("待签字")
        HANDED = "handed", _("已移交")
        ENDED = "ended", _("已撤回")

    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("接收人")
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("监交人")
    )
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("移交日期"))
    why = models.CharField(_("事由"), max_length=16, choices=Why.choices)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    is_whole = models.BooleanField(_("全部事项"), default=True)
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.DRAFTED)
    listed_on = models.DateField(_("清单日期"))
    handed_on = models.DateField(_("实际移交日期"), null=True)
    ended_for = models.CharField(_("撤回原因"), max_length=300, blank=True)

    class Meta(Own.Meta):
        verbose_name = _("交接单")
        constraints = [
            models.CheckConstraint(condition=~Q(receiver=F("made_by")), name="handover_two_persons"),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | ~Q(supervisor=F("made_by")) & ~Q(supervisor=F("receiver")),
                name="handover_supervised_by_third",
            ),
            models.CheckConstraint(
                condition=Q(state="handed", handed_on__isnull=False) | ~Q(state="handed") & Q(handed_on__isnull=True),
                name="handover_handed_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["made_by", "state"], name="handover_by_giver"),  # 工作交接
            models.Index(fields=["receiver", "state"], name="handover_by_receiver"),  # 待办
            models.Index(fields=["state", "on"], name="handover_due"),  # the clockwork
        ]

    def __str__(self) -> str:
        return f"{self.made_by.name} → {self.receiver.name}"


class HandoverItem(Part, Stamped):
    """A line of the list as it was on its day. `is_added`: taken in after the first list; `is_gone`: no more in his hands."""

    root_field = "handover"
    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    label = models.CharField(_("类别"), max_length=64)
    thing = models.UUIDField()
    code = models.CharField(_("编号"), max_length=64, blank=True)
    title = models.TextField(_("事项"), blank=True)
    unit = models.CharField(_("单位"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=64, blank=True)
    next_on = models.DateField(_("下一时限"), null=True)
    is_added = models.BooleanField(default=False)
    is_gone = models.BooleanField(default=False)

    class Meta(Part.Meta):
        verbose_name = _("交接事项")
        constraints = [models.UniqueConstraint(fields=["handover", "thing"], name="handover_item_once")]

    def __str__(self) -> str:
        return self.title


class HandoverSignature(Part, Stamped, Signing, Scanned):
    """移交人、接收人、监交人 signs, by his own account or on paper that a second person confirms."""

    class Role(models.TextChoices):
        GIVER = "giver", _("移交人")
        RECEIVER = "receiver", _("接收人")
        SUPERVISOR = "supervisor", _("监交人")

    root_field = "handover"
    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(_("签字"), max_length=16, choices=Role.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(Part.Meta):
        verbose_name = _("交接签字")
        constraints = [
            *signed_with_scan("handover_signature"),
            models.UniqueConstraint(
                fields=["handover", "role"], condition=~Q(status="lapsed"), name="handover_signed_once"
            ),
        ]
        indexes = [models.Index(fields=["user", "status"], name="handover_to_sign")]  # 待办

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.user}"
