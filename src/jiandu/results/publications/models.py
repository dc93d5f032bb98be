"""公开稿: the words of a notice, who drafted, asked and confirmed; of a withdrawal likewise. Two persons, by constraint."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped
from jiandu.base.published.models import NoticeKind
from jiandu.net.access.models import Owned
from jiandu.results.publications.states import DRAFT, OPEN, State, Verb


def _user() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class Publication(Owned):
    """One 公开稿. Confirmed, its words stand (a trigger), and the public's copy bears its uid."""

    words = "title"
    still_open = Q(state__in=OPEN)

    code = models.CharField(_("公开稿编号"), max_length=32)
    kind = models.CharField(_("公告类别"), max_length=16, choices=NoticeKind.choices)
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("正文"))
    issuer = models.CharField(_("发布单位"), max_length=64)
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.DRAFTED)
    explained = models.JSONField(
        default=list, editable=False
    )  # what stands in it by intention: [kind, plainly written]
    explanation = models.CharField(_("保留理由"), max_length=500, blank=True)
    number = models.CharField(_("公告编号"), max_length=32, blank=True)
    written_by = _user()  # who changed the words last
    asked_by = _user()
    confirmed_by = _user()
    published_on = models.DateField(_("公开日期"), null=True)
    recall_asked_by = _user()
    recall_for = models.CharField(_("撤下原因"), max_length=200, blank=True)
    recall_confirmed_by = _user()
    recalled_on = models.DateField(_("撤下日期"), null=True)

    class Meta(Owned.Meta):
        verbose_name = _("公开稿")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="publication_code_once_per_office"),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("written_by")) & ~Q(confirmed_by=F("asked_by")),
                name="publication_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(recall_confirmed_by=F("recall_asked_by")), name="publication_recalled_by_two"
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True, number="", confirmed_by__isnull=True)
                | (Q(published_on__isnull=False, confirmed_by__isnull=False) & ~Q(number="")),
                name="publication_numbered_when_out",
            ),
            models.CheckConstraint(
                condition=Q(recalled_on__isnull=True, recall_confirmed_by__isnull=True)
                | (Q(recalled_on__gte=F("published_on"), recall_confirmed_by__isnull=False) & ~Q(recall_for="")),
                name="publication_recalled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "state"], name="publication_by_office"),  # scope, list, desk
            models.Index(fields=["owner_path"], name="publication_by_path"),  # scope
            models.Index(fields=["subject_path"], name="publication_by_subject"),  # scope
        ]

    def __str__(self) -> str:
        return self.code


class PublicationStep(Part, Stamped):
    """One act on a 公开稿, never changed."""

    root_field = "publication"
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    verb = models.CharField(_("办理"), max_length=16, choices=[(DRAFT, _("起草")), *Verb.choices])
    after = models.CharField(_("状态"), max_length=16, choices=State.choices)
    on = models.DateField(_("日期"))
    by = _user()  # none: from before accounts were noted
    by_name = models.CharField(_("办理人"), max_length=64)
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("公开稿办理")
        constraints = [models.UniqueConstraint(fields=["publication", "seq"], name="publication_step_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"
