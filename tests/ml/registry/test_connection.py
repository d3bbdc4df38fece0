import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ml.errors import ConfigError, ServiceUnavailable
from ml.registry import Registry

pytestmark = pytest.mark.integration


def nobody():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("scheme", ["http", "postgresql+psycopg2"])
def test_a_server_that_is_down_is_named_without_its_password(scheme, tmp_path):
    place = nobody()
    registry = Registry(f"{scheme}://someone:secret@{place}", artifacts=tmp_path)
    with pytest.raises(
        ServiceUnavailable, match=rf"MLflow at {scheme[:4]}.*{place} did not answer: .*refused"
    ) as caught:
        registry.production("p")
    chain = [caught.value]
    while chain[-1].__cause__:
        chain.append(chain[-1].__cause__)
    assert "secret" not in "".join(map(str, chain))


def test_a_server_without_its_database_is_unavailable():
    class Broken(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(503)
            self.end_headers()
            self.wfile.write(b'{"error_code": "TEMPORARILY_UNAVAILABLE", "message": "the database is down"}')

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ServiceUnavailable, match="503"):
            Registry(f"http://127.0.0.1:{server.server_port}").production("p")
        server.shutdown()


def test_without_server_and_folder_there_is_no_place_for_models():
    with pytest.raises(ConfigError, match=r"MLflow at postgresql\+psycopg2://host/db has no server: a folder"):
        Registry("postgresql+psycopg2://me:secret@host/db")
