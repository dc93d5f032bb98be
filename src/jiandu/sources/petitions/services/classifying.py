"""归类: a clerk puts an item into a category; what was proposed stands beside it, so that the proposals can be judged."""

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.categories import categories
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.categories import KIND, suggestions, vector_of
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.services.steps import lock


@atomic
def classify(*, petition: Petition, by: Viewer, category: str, unlocked: Unlocked | None = None) -> Petition:
    """With a key open, what is proposed is what has been learnt by now. Raises Refused: not-allowed, unknown-category."""
    petition = lock(petition)
    if not guard.allow(by, "edit", petition):
        raise Refused("not-allowed", "您没有更正该信访件的权限")
    check_category(category)
    found = suggestions(by, petition, unlocked) if unlocked is not None else None
    if found:
        petition.proposed_category = found[0].code
    petition.category = category
    petition.save(update_fields=["category", "proposed_category"])
    _keep_meaning(petition, unlocked)
    record(by, "petition.classify", petition, payload={"category": category, "proposed": petition.proposed_category})
    return petition


def _keep_meaning(petition: Petition, unlocked: Unlocked | None) -> None:
    """So that what follows learns from it without reading hundreds of texts anew at each look."""
    content = vault.content_of(petition, unlocked)
    vector = vector_of(content.summary) if content is not None else None
    if vector is not None:
        vault.keep_meaning(petition, vector)


def check_category(category: str) -> None:
    """Raises Refused (unknown-category)."""
    if category not in categories(KIND):
        raise Refused("unknown-category", "请选择内容分类")
