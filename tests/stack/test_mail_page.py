import http.client
import json
import threading

import pytest

from stack import mail_page
from stack.mail import Folder
from tests.stack.test_mail import message


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "mail")


@pytest.fixture
def get(folder):
    """Asks the running page: path and headers to status, headers and text."""
    server = mail_page.make_server(folder, 0)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()

    def ask(path, **headers):
        connection = http.client.HTTPConnection(*server.server_address, timeout=10)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response.status, response.headers, body

    yield ask
    server.shutdown()
    thread.join()
    server.server_close()


def only(folder):
    return next(folder.mails()).id


def test_an_empty_page_says_so(get):
    status, _, text = get("/")
    assert status == 200
    assert "No mail yet." in text


def test_the_list_shows_every_mail_and_the_newest_one_open(get, folder):
    for subject in ("first", "second"):
        folder.add(message(subject).as_bytes())
    _, _, text = get("/")
    assert text.index("<strong>second") < text.index("<strong>first")
    assert "<h1>second</h1>" in text


def test_the_json_has_what_a_test_wants_to_know(get, folder):
    folder.add(message().as_bytes())
    (one,) = json.loads(get("/api/mails")[2])
    assert one["id"] == only(folder)
    assert (one["to"], one["from"], one["subject"]) == (
        "owner@example.com",
        "nightshift@localhost",
        "Drift in flights",
    )
    assert "Seven of nine" in one["text"]


def test_the_body_runs_nothing_and_fetches_nothing(get, folder):
    folder.add(message(html="<script>alert(1)</script><img src='http://evil.example/x.png'>").as_bytes())
    _, headers, _ = get(f"/mail/{only(folder)}/body")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "allow-scripts" not in headers["Content-Security-Policy"]


def test_subjects_and_addresses_are_escaped(get, folder):
    folder.add(message(subject="<script>x</script>", to='"<b>o</b>" <o@example.com>').as_bytes())
    for path in ("/", f"/mail/{only(folder)}", f"/mail/{only(folder)}/plain"):
        assert "<script>" not in get(path)[2]
        assert "<b>o</b>" not in get(path)[2]


def test_a_picture_of_the_mail_is_shown_in_it(get, folder):
    letter = message(html='<img src="cid:plot.png">')
    letter.get_payload()[1].add_related(b"picture", "image", "png", cid="<plot.png>")
    folder.add(letter.as_bytes())
    address = f"/mail/{only(folder)}/cid/plot.png"
    assert address.split("/")[-1] in get(f"/mail/{only(folder)}/body")[2]
    status, headers, body = get(address)
    assert (status, headers["Content-Type"], body) == (200, "image/png", "picture")


def test_a_file_is_saved_and_never_shown(get, folder):
    letter = message()
    letter.add_attachment(b"<script>", maintype="text", subtype="html", filename="x.html")
    folder.add(letter.as_bytes())
    status, headers, _ = get(f"/mail/{only(folder)}/file/0")
    assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
    assert headers["Content-Disposition"].startswith("attachment")


def test_links_in_plain_text_can_be_followed(get, folder):
    letter = message()
    letter.get_payload()[0].set_content("see http://127.0.0.1:8600/dags?a=1&b=2.")
    folder.add(letter.as_bytes())
    assert '<a href="http://127.0.0.1:8600/dags?a=1&amp;b=2">' in get(f"/mail/{only(folder)}/text")[2]


@pytest.mark.parametrize("path", ["/nowhere", "/mail/none", "/mail/../../etc/passwd", "/mail/none/body"])
def test_what_is_not_there_is_404(get, path):
    assert get(path)[0] == 404


def test_a_foreign_host_name_is_refused(get, folder):
    folder.add(message().as_bytes())
    assert get("/api/mails", Host="evil.example")[0] == 403
    assert get("/api/mails", Host="localhost:8602")[0] == 200
