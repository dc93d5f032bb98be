"""校数 as an officer uses it: a draft pasted or uploaded comes back marked, as Word with comments; the log has one entry."""

import io
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.surfaces.desk.test_findings import client_of
from tests.world import World

from jiandu.base.audit.models import Entry

PLACE = "/desk/reviews/proof/"
RIGHT = "2022年度监督工作综述\n项目化监督\n项目监督共发现问题2个，已督促整改1个。"
WRONG = RIGHT.replace("2个", "12个")


@pytest.fixture
def client(world: World) -> Client:
    project = world.project(members=("驻市教育局纪检监察组",))
    world.closed(activity=project)
    world.rectifying(activity=project)
    return client_of(world, "书记")


def proofed(client: Client, text: str = "", **more: Any) -> Any:
    return client.post(PLACE, {"text": text, "year": "", "as_of": "", **more})


def verdicts(answer: Any) -> list[tuple[str, str]]:
    return [(one.number.text, str(one.verdict)) for one in answer.context["draft"].proofs]


def test_a_pasted_draft_is_marked_and_each_number_leads_to_its_rows(client: Client) -> None:
    before = Entry.objects.count()
    answer = proofed(client, WRONG)
    assert answer.status_code == 200
    assert verdicts(answer) == [("12个", "differs"), ("1个", "agrees")]
    shown = answer.content.decode()
    assert "数不符" in shown
    assert "/desk/measures/project_findings/?year=2022&amp;as_of=2022-12-31" in shown
    (entry,) = Entry.objects.order_by("seq")[before:]
    assert entry.verb == "review.proof"
    assert verdicts(proofed(client, RIGHT)) == [("2个", "agrees"), ("1个", "agrees")]


def test_what_one_may_not_see_does_not_count(world: World, client: Client) -> None:
    assert verdicts(proofed(client, RIGHT))[0] == ("2个", "agrees")
    answer = proofed(client_of(world, "区纪委书记"), RIGHT)
    assert verdicts(answer)[0] == ("2个", "no_source")  # perhaps the city's: no false alarm for who sees less of it
    assert "本人可见范围内" in answer.content.decode()


def test_year_and_day_may_be_given(client: Client) -> None:
    answer = proofed(client, RIGHT.replace("2022年度", ""), year="2021", as_of="2021-12-31")
    assert verdicts(answer)[0] == ("2个", "differs")
    assert proofed(client, RIGHT, year="2022", as_of="2021-12-31").status_code == 422


def word() -> bytes:
    document = docx.Document()
    for text in WRONG.splitlines():
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_an_uploaded_file_comes_back_with_comments(client: Client) -> None:
    answer = proofed(client, file=SimpleUploadedFile("综述稿.docx", word()))
    assert verdicts(answer)[0] == ("12个", "differs")
    answer = proofed(client, file=SimpleUploadedFile("综述稿.docx", word()), word="1")
    assert "attachment" in answer["Content-Disposition"]
    document = docx.Document(io.BytesIO(answer.content))
    assert [one.text.splitlines()[0] for one in document.comments] == ["数不符：“项目发现问题”为2个"]
    answer = proofed(client, WRONG, word="1")
    assert len(list(docx.Document(io.BytesIO(answer.content)).comments)) == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("稿.pdf", b"%PDF-1.7", "只能校 .docx 和 .txt 文件"),
        ("稿.docx", b"PK\x03\x04", "文件已损坏或结构异常"),
        ("稿.txt", "秘密★1年\n项目2个".encode(), "国家秘密标志"),
    ],
)
def test_a_bad_file_is_refused_with_words(client: Client, name: str, content: bytes, words: str) -> None:
    answer = proofed(client, file=SimpleUploadedFile(name, content))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_nothing_given_and_too_many_numbers_are_said(client: Client) -> None:
    assert "请粘贴文稿，或选择文件" in proofed(client).content.decode()
    assert "1000 个" in proofed(client, "发现问题2个，" * 1001).content.decode()
    assert client.get(PLACE).status_code == 200
