"""Open data (待补、推定日期) in the rows that figures count: they count all the same, and who publishes is told how many."""

from django.db.models import Exists, Q
from django.utils.translation import gettext_noop

from jiandu.loop.findings.lacking import LACKS_ANY
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.as_of import told
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade
from jiandu.results.analysis.measures.registry import Ask, Doubt, register_doubts
from jiandu.sources.activities.models import Activity

INCOMPLETE, DERIVED = gettext_noop("有待补栏目"), gettext_noop("日期为推定")


def _step_derived(ask: Ask) -> Q:
    """The date of one of its steps was not in the ledger and was inferred."""
    return Q(Exists(told(ask.as_of, ask.as_known).filter(is_derived=True)))


register_doubts(Finding, Doubt(INCOMPLETE, lambda _ask: LACKS_ANY), Doubt(DERIVED, _step_derived))
register_doubts(RuleMade, Doubt(DERIVED, lambda _ask: Q(is_derived=True)))
register_doubts(MoneyRecovered, Doubt(DERIVED, lambda _ask: Q(is_derived=True)))
register_doubts(Activity, Doubt(DERIVED, lambda _ask: Q(approved_is_derived=True)))
