"""信访举报 and the registers beside it."""

from django.utils.translation import gettext_lazy as _

from jiandu.results.bulletins.models import Advisory, PetitionBulletin
from jiandu.sources.petitions.models import Petition, SenderOpening
from jiandu.surfaces.desk.views import alarms, bulletin_papers, bulletins, openings, petition_categories, petitions
from jiandu.surfaces.door.routes import P

routes = [
    *petitions.PETITIONS_ROOM.routes("petitions/"),
    *petitions.DUE_ROOM.routes("petitions/due/"),
    *petition_categories.CATEGORIES_ROOM.routes("petitions/categories/"),
    P("petitions/<uuid:uid>/category/", petition_categories.proposals, "edit", Petition, name="petition-category"),
    P("petitions/topics/", petitions.topics, "view", Petition, name="petitions-topics"),
    *bulletins.BULLETIN_ROOM.routes("petitions/bulletins/"),
    P(
        "petitions/bulletins/word/",
        bulletins.word,
        "view",
        Petition,
        name="petitions-bulletin-word",
        proves=_("下载信访举报情况分析"),
    ),
    *bulletin_papers.BULLETINS_ROOM.routes("petitions/bulletins/papers/"),
    *bulletin_papers.BULLETIN_ROOM.routes("petitions/bulletins/papers/<uuid:uid>/"),
    P(
        "petitions/bulletins/papers/<uuid:uid>/word/",
        bulletin_papers.word,
        "view",
        PetitionBulletin,
        name="bulletin-word",
        proves=_("下载信访举报情况分析"),
    ),
    *bulletin_papers.ADVISORIES_ROOM.routes("petitions/advisories/"),
    *bulletin_papers.ADVISORY_ROOM.routes("petitions/advisories/<uuid:uid>/"),
    P(
        "petitions/advisories/<uuid:uid>/word/",
        bulletin_papers.advisory_word,
        "view",
        Advisory,
        name="advisory-word",
        proves=_("下载预警提示"),
    ),
    *alarms.ALARMS_ROOM.routes("petitions/alarms/"),
    *alarms.PRECISION_ROOM.routes("petitions/alarms/precision/"),
    *alarms.ALARM_ROOM.routes("petitions/alarms/<uuid:uid>/"),
    *openings.OPENINGS_ROOM.routes("petitions/senders/"),
    *openings.OPENING_ROOM.routes("petitions/senders/<uuid:uid>/"),
    P(
        "petitions/senders/<uuid:uid>/look/",
        openings.look,
        "view",
        SenderOpening,
        name="sender-opening-look",
        proves=_("启封举报人信息"),
    ),
    *petitions.RECEIPTS_ROOM.routes("petitions/superior/"),
    *petitions.RECEIPT_ROOM.routes("petitions/superior/<uuid:uid>/"),
    *petitions.MEDDLINGS_ROOM.routes("petitions/meddling/"),
    *petitions.MEDDLING_ROOM.routes("petitions/meddling/<uuid:uid>/"),
    *petitions.PETITION_ROOM.routes("petitions/<uuid:uid>/"),
    P(
        "petitions/<uuid:uid>/files/<uuid:file>/",
        petitions.file,
        "view",
        Petition,
        name="petition-file",
        proves=_("下载举报附件"),
    ),
    P("petitions/<uuid:uid>/repeats/", petitions.repeats, "edit", Petition, name="petition-repeats"),
    P(
        "petitions/<uuid:uid>/papers/<slug:paper>/",
        petitions.paper,
        "view",
        Petition,
        name="petition-paper",
        proves=_("下载信访文书"),
    ),
]
