"""校数 on the desk: a draft is looked at, and the log says so; its words are kept nowhere."""

import hashlib
from collections.abc import Sequence

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.proofing.proving import Draft, prove
from jiandu.results.reports.models import Review


@atomic
def proof_draft(*, paragraphs: Sequence[str], ask: Ask, by: Viewer) -> Draft:
    """The numbers of a draft against what the viewer may see. Raises Refused: not-allowed, as-of, too-many-numbers."""
    if not guard.allow(by, "view", Review):
        raise Refused("not-allowed", "您没有“查看综述”的权限")
    if ask.as_of < ask.start:
        raise Refused("as-of", "统计截止日应在年初之后且不晚于今天")
    draft = prove(by, paragraphs, ask)
    said = {"sha256": hashlib.sha256("\n".join(paragraphs).encode()).hexdigest(), "as_of": ask.as_of.isoformat()}
    record(by, "review.proof", None, payload=said | {"numbers": len(draft.proofs), "wrong": len(draft.wrong)})
    return draft
