"""Contact points, what they tell, and what became of it.

The enterprise's name stands on the point and in its reflections alone, which only those see who look after the point.
The problem that is passed on carries a neutral name (企业A) and no key that leads back.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.net.access.models import Owned
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Period, Person, Region, in_order
from jiandu.sources.contactpoints.states import OPEN, Result, Satisfaction, State, Verb


class ContactPoint(Owned, Period, Withdrawable):
    """An enterprise or association, its term and the officer it talks to. `since`, `until`: the term it was asked for."""

    still_open = Q(withdrawn_on__isnull=True, left_on__isnull=True)

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("民营企业")
        ASSOCIATION = "association", _("商会协会")

    class Tier(models.TextChoices):
        CITY = "city", _("市级")
        DISTRICT = "district", _("区级")

    code = models.CharField(_("联系点编号"), max_length=32)
    name = models.CharField(_("企业（商协会）名称"), max_length=128)
    short_name = models.CharField(_("简称"), max_length=64, blank=True)
    kind = models.CharField(_("联系点类别"), max_length=16, choices=Kind.choices, default=Kind.ENTERPRISE)
    tier = models.CharField(_("联系点级别"), max_length=8, choices=Tier.choices, default=Tier.CITY)
    district = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("所在区")
    )
    industry = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("行业"))
    officer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("指定联系人")
    )
    liaison = models.CharField(_("企业联络员"), max_length=64, blank=True)
    left_on = models.DateField(_("退出日期"), null=True, editable=False)  # cache of the turns

    class Meta(Owned.Meta):
        verbose_name = _("营商环境监督联系点")
        constraints = [
            in_order("contact_point_in_order"),
            models.UniqueConstraint(fields=["owner_office", "code"], name="contact_point_code_once_per_office"),
        ]
        indexes = [
            models.Index(fields=["owner_office", "since"], name="contact_point_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="contact_point_by_path"),  # scope
            models.Index(fields=["tier", "since"], name="contact_point_by_tier"),  # measures
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PointTurn(Part, Stamped, Withdrawable):
    """A term is prolonged, or ends before its time. Dated, so that any earlier day can still be told."""

    class Verb(models.TextChoices):
        PROLONG = "prolong", _("续聘")
        LEAVE = "leave", _("退出")

    root_field = "point"
    point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="turns")
    verb = models.CharField(_("事项"), max_length=8, choices=Verb.choices)
    on = models.DateField(_("日期"))
    until = models.DateField(_("续聘至"), null=True, blank=True)
    by_name = models.CharField(_("办理人"), max_length=64)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("联系点变动")
        constraints = [
            models.CheckConstraint(
                condition=Q(verb="leave", until__isnull=True) | Q(verb="prolong", until__gte=F("on")),
                name="point_turn_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_verb_display()}"


class ContactProblem(Owned, Withdrawable):
    """What was told, without the name of who told it. Its unit sees it once it has been assigned."""

    still_open = Q(withdrawn_on__isnull=True, state__in=sorted(OPEN))

    class Nature(models.TextChoices):
        CONDUCT = "conduct", _("作风问题")
        POLICY = "policy", _("政策问题")
        LEGAL = "legal", _("涉法涉诉")
        ADVICE = "advice", _("业务咨询")

    code = models.CharField(_("问题编号"), max_length=32)
    problem = models.CharField(_("反映问题"), max_length=500)
    facts = models.TextField(_("具体情况"), blank=True)
    aspect = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("反映方面"))
    registered_on = models.DateField(_("登记日期"))
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("合并至")
    )
    # caches of the steps
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.REGISTERED)
    result = models.CharField(_("办理结果"), max_length=16, choices=Result.choices, blank=True)
    nature = models.CharField(_("研判类别"), max_length=8, choices=Nature.choices, blank=True)
    due_on = models.DateField(_("答复时限"), null=True)

    class Meta(Owned.Meta):
        verbose_name = _("联系点反映问题")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="contact_problem_code_once_per_office"),
            models.CheckConstraint(
                condition=Q(state=State.SETTLED, result__gt="") | (~Q(state=State.SETTLED) & Q(result="")),
                name="contact_problem_one_result",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
                name="contact_problem_merged_has_main",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="contact_problem_not_into_itself"),
        ]
        indexes = [
            models.Index(fields=["registered_on"], name="contact_problem_by_date"),  # measures, list
            models.Index(fields=["owner_office", "registered_on"], name="contact_problem_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="contact_problem_by_path"),  # scope
            models.Index(fields=["subject_path"], name="contact_problem_by_subject"),  # scope, unit
            models.Index(fields=["source_uid"], name="contact_problem_by_source"),  # scope
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.problem}"


class ProblemStep(Part, Stamped, Withdrawable):
    """One dated act on a problem: `on` is when it happened, created_at when it was entered."""

    root_field = "problem"
    problem = models.ForeignKey(ContactProblem, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    verb = models.CharField(_("办理"), max_length=16, choices=Verb.choices)
    from_state = models.CharField(max_length=16, choices=State.choices, blank=True)
    to_state = models.CharField(_("状态"), max_length=16, choices=State.choices)
    on = models.DateField(_("日期"))
    by_name = models.CharField(_("办理人"), max_length=64)
    note = models.TextField(_("说明"), blank=True)
    result = models.CharField(_("办理结果"), max_length=16, choices=Result.choices, blank=True)
    satisfaction = models.CharField(_("企业评价"), max_length=16, choices=Satisfaction.choices, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("承办室组")
    )

    class Meta(Part.Meta):
        verbose_name = _("联系点问题办理步骤")
        constraints = [
            models.UniqueConstraint(fields=["problem", "seq"], name="problem_step_seq_once"),
            models.CheckConstraint(
                condition=Q(verb=Verb.SETTLE, result__gt="") | (~Q(verb=Verb.SETTLE) & Q(result="")),
                name="problem_step_result",
            ),
            models.CheckConstraint(
                condition=~Q(verb=Verb.SETTLE, satisfaction=Satisfaction.NOT_SATISFIED),
                name="problem_step_not_settled_unsatisfied",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_verb_display()}"


class ContactSuggestion(Owned, Withdrawable):
    """A suggestion for our supervision, with a problem or without one."""

    code = models.CharField(_("建议编号"), max_length=32)
    text = models.CharField(_("建议内容"), max_length=500)
    raised_on = models.DateField(_("提出日期"))
    problem = models.ForeignKey(
        ContactProblem, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("反映问题")
    )

    class Meta(Owned.Meta):
        verbose_name = _("联系点建议")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="contact_suggestion_code_once_per_office"),
        ]
        indexes = [
            models.Index(fields=["owner_office", "raised_on"], name="suggestion_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="suggestion_by_path"),  # scope
            models.Index(fields=["problem"], name="suggestion_by_problem"),  # page of the problem
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Adoption(Part, Stamped, Withdrawable):
    """纳入监督参考: the suggestion was taken up on a day, and for what."""

    root_field = "suggestion"
    suggestion = models.ForeignKey(ContactSuggestion, on_delete=models.PROTECT, related_name="adoptions")
    on = models.DateField(_("纳入日期"))
    used_for = models.CharField(_("纳入何项监督参考"), max_length=200)
    by_name = models.CharField(_("办理人"), max_length=64)

    class Meta(Part.Meta):
        verbose_name = _("纳入监督参考")
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"], condition=Q(withdrawn_on__isnull=True), name="adoption_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class Reflection(Part, Stamped, Withdrawable):
    """Who told it: the one link between a point and a problem or suggestion, seen with the point alone.

    `alias` is what everybody else reads (企业A); `words` is what the enterprise said, as it said it.
    """

    root_field = "point"
    point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="reflections")
    problem = models.ForeignKey(ContactProblem, on_delete=models.PROTECT, null=True, related_name="+")
    suggestion = models.ForeignKey(ContactSuggestion, on_delete=models.PROTECT, null=True, related_name="+")
    alias = models.CharField(_("代号"), max_length=16)
    on = models.DateField(_("反映日期"))
    words = models.TextField(_("反映原话"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("联系点反映")
        constraints = [
            models.CheckConstraint(
                condition=Q(problem__isnull=False, suggestion__isnull=True)
                | Q(problem__isnull=True, suggestion__isnull=False),
                name="reflection_of_one",
            ),
            models.UniqueConstraint(
                fields=["point", "problem"], condition=Q(withdrawn_on__isnull=True), name="reflection_problem_once"
            ),
            models.UniqueConstraint(
                fields=["point", "suggestion"],
                condition=Q(withdrawn_on__isnull=True),
                name="reflection_suggestion_once",
            ),
        ]
        indexes = [
            models.Index(fields=["problem"], name="reflection_by_problem"),  # page of the problem
            models.Index(fields=["suggestion"], name="reflection_by_suggestion"),  # page of the suggestion
        ]

    def __str__(self) -> str:
        return f"{self.alias} {self.on}"
