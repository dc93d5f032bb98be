"""A signer is trusted in one direction: what comes up empties nothing, what comes down brings no report, a superior no notices."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.intake.reports import Desk, file, opened

from jiandu.base.core.errors import Refused
from jiandu.base.intake import bundles
from jiandu.base.intake.models import Message, Report, State
from jiandu.base.intake.services.crossing import take_bundle
from jiandu.base.intake.signers import From, keys, trust, trusted
from jiandu.base.published.models import Notice

pytestmark = pytest.mark.django_db
NOTICE = {
    "year": 2026, "number": 1, "kind": "notice", "title": "公告", "text": "正文", "issuer": "市纪委监委", "on": "2026-03-01", "withdrawn_on": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path / "here"
    settings.SURFACES = "staff"


@pytest.fixture
def waits() -> Report:
    """A report that nobody has taken in yet."""
    own: Desk = opened()[0]
    file(own)
    return Report.objects.get()


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


Made = Callable[..., Path]


@pytest.fixture
def bundle(tmp_path: Path, settings: Any) -> Made:
    """Signed by another side (`who`), told as it likes."""

    def make(who: str, kind: object, **told: Any) -> Path:
        said = {"reports": [], "heard": [], "messages": [], "attachments": [], "notices": [], "kind": kind, **told}
        path, here = tmp_path / f"{uuid4().hex}.zip", settings.DATA
        settings.DATA = tmp_path / who
        bundles._write(path, said, [])
        settings.DATA = here
        return path

    return make


def signer_of(path: Path) -> str:
    return bundles.read_bundle(path).signer


def forged(row: Report) -> dict[str, Any]:
    """What a portal that was broken into would like to be believed."""
    word = {"uid": str(uuid4()), "report": str(row.pk), "is_answer": True, "on": "2026-03-01", "envelope": "AAAA"}
    return {"reports": [str(row.pk)], "messages": [word], "notices": [{**NOTICE, "uid": str(uuid4())}]}


def test_a_portal_that_was_broken_into_empties_no_report(waits: Report, bundle: Made) -> None:
    content = bytes(waits.content)
    path = bundle("portal", "outward", **forged(waits))
    trust(signer_of(path), From.BELOW)
    with refusal("wrong-direction"):
        take_bundle(path=path)
    waits.refresh_from_db()
    assert (bytes(waits.content), waits.state) == (content, State.WAITING)
    assert (Message.objects.count(), Notice.objects.count()) == (0, 0)
    assert take_bundle(path=bundle("portal", "inward")) == ("inward", 0)  # control: its own direction
    superior = bundle("superior", "outward", **forged(waits))
    trust(signer_of(superior), From.ABOVE)
    take_bundle(path=superior)
    waits.refresh_from_db()
    assert (bytes(waits.content), waits.state) == (b"", State.CARRIED)  # control: so it is with who may say so


@pytest.mark.parametrize("kind", ["", "Outward", "sideways", None, 7, ["inward"]])
@pytest.mark.parametrize("direction", list(From))
def test_an_unknown_kind_is_no_bundle(waits: Report, bundle: Made, kind: object, direction: From) -> None:
    path = bundle("portal", kind, **forged(waits))
    trust(signer_of(path), direction)
    with refusal("unknown-kind"):
        take_bundle(path=path)
    assert Report.objects.get().state == State.WAITING


@pytest.mark.parametrize("direction", [From.HOUSE, From.ABOVE])
def test_what_comes_down_brings_no_report(bundle: Made, direction: From) -> None:
    path = bundle("inside", "inward")
    trust(signer_of(path), direction)
    with refusal("wrong-direction"):
        take_bundle(path=path)


def old_style(*paths: Path) -> None:
    """As an older installation wrote it: signers alone."""
    lines = [signer_of(path) for path in paths]
    (keys() / "bundle.trusted").write_text("\n".join(lines) + "\n", encoding="ascii")


@pytest.mark.parametrize("surfaces", ["staff", "both"])
def test_an_older_trust_learns_on_the_inside_what_harms_nothing(
    waits: Report, bundle: Made, settings: Any, surfaces: str
) -> None:
    settings.SURFACES = surfaces
    out, back = bundle("portal", "outward", **forged(waits)), bundle("portal", "inward")
    old_style(out)
    for _ in range(2):
        with refusal("wrong-direction"):
            take_bundle(path=out)
        assert trusted() == {signer_of(out): None}
    take_bundle(path=back)
    assert trusted() == {signer_of(out): From.BELOW}
    with refusal("wrong-direction"):
        take_bundle(path=out)
    assert Report.objects.get().state == State.WAITING


def test_an_older_trust_learns_outside_one_house_and_superiors(bundle: Made, settings: Any) -> None:
    settings.SURFACES = "public"
    own = bundle("inside", "outward", notices=[{**NOTICE, "uid": str(uuid4())}])
    superior = bundle("superior", "outward", notices=[{**NOTICE, "uid": str(uuid4())}])
    old_style(own, superior)
    with refusal("wrong-direction"):
        take_bundle(path=bundle("inside", "inward"))
    assert [take_bundle(path=path)[1] for path in (own, superior)] == [1, 0]
    assert trusted() == {signer_of(own): From.HOUSE, signer_of(superior): From.ABOVE}


def test_trust_named_again_keeps_its_direction_and_can_be_changed(bundle: Made, settings: Any) -> None:
    signer, other = signer_of(bundle("superior", "outward")), signer_of(bundle("portal", "inward"))
    trust(signer, From.ABOVE)
    trust(signer)
    trust(other)
    assert trusted() == {signer: From.ABOVE, other: From.BELOW}
    trust(signer, From.BELOW)
    assert trusted()[signer] == From.BELOW
    settings.SURFACES = "public"
    trust("ab" * 32)
    assert trusted()["ab" * 32] == From.HOUSE
    with refusal("bad-signer"):
        trust("ab\nab")


def test_a_superiors_answers_come_though_its_notices_bear_our_numbers(
    waits: Report, bundle: Made, settings: Any
) -> None:
    """〔2026〕1号 is here and there: what is told of the report comes all the same."""
    settings.SURFACES = "public"
    house = bundle("inside", "outward", notices=[{**NOTICE, "uid": str(uuid4())}])
    trust(signer_of(house), From.HOUSE)
    take_bundle(path=house)
    superior = bundle("superior", "outward", **forged(waits))
    trust(signer_of(superior), From.ABOVE)
    assert take_bundle(path=superior) == ("outward", 1)
    assert (Message.objects.filter(is_answer=True).count(), Notice.objects.get().title) == (1, "公告")
