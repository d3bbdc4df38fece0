import pytest

from stack import mail
from tests.letter import message


@pytest.fixture
def folder(tmp_path):
    return mail.Folder(tmp_path / "mail")


def test_a_mail_is_read_as_it_was_sent(folder):
    folder.add(message(subject="Abweichung über Nacht").as_bytes())
    (one,) = folder.mails()
    assert (one.subject, one.to) == ("Abweichung über Nacht", "owner@example.com")
    assert one.text.strip() == "Seven of nine columns drifted."
    assert "<b>nine</b>" in one.html
    assert folder.find(one.id) == one


def test_an_empty_folder_that_is_there_already_will_do(tmp_path):
    folder = mail.Folder(tmp_path)
    folder.add(message().as_bytes())
    assert len(list(folder.mails())) == 1


def test_the_newest_is_first(folder):
    for subject in ("first", "second", "third"):
        folder.add(message(subject).as_bytes())
    assert [one.subject for one in folder.mails()] == ["third", "second", "first"]


def test_an_unknown_id_is_no_path(folder):
    assert folder.find("../../etc/passwd") is None
    assert folder.source("") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"Subject: =?nonsense?b?x?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhe\xffllo",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    ],
)
def test_a_malformed_mail_is_still_shown(folder, content):
    folder.add(content)
    assert len(list(folder.mails())) == 1


def test_pictures_and_files_are_attachments(folder):
    letter = message()
    letter.get_payload()[1].add_related(b"png", "image", "png", cid="<plot.png>")
    letter.add_attachment(b"a,b", maintype="text", subtype="csv", filename="rows.csv")
    folder.add(letter.as_bytes())
    (one,) = folder.mails()
    assert [(each.name, each.cid, each.data) for each in one.attachments] == [
        ("plot.png", "plot.png", b"png"),
        ("rows.csv", "", b"a,b"),
    ]
