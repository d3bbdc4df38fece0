import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stack import health
from stack.postgres import free_port


@pytest.fixture
def page():
    """A page on a port of this process; gives the port and a dict of path to answer."""
    answers = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = answers.get(self.path, b"")
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    yield server.server_address[1], answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_healthy_when_this_process_answers_with_200(page):
    port, answers = page
    answers["/health"] = b"ok"
    assert health.web(port, "/health")(os.getpid(), 0)
    assert not health.web(port, "/other")(os.getpid(), 0)


def test_another_process_on_the_port_is_not_this_one(page):
    port, answers = page
    answers["/health"] = b"ok"
    assert not health.web(port, "/health")(2**22 + 1, 0)


def test_nobody_on_the_port_is_not_healthy():
    port = free_port()
    for check in (health.web(port, "/"), health.smtp(port), health.postgres(port)):
        assert check(os.getpid(), 0) is False


def beat(answers, status, at):
    report = {"scheduler": {"status": status, "latest_scheduler_heartbeat": at.isoformat()}}
    answers["/api/v2/monitor/health"] = json.dumps(report).encode()


def test_a_heart_that_beat_before_the_start_is_the_predecessors(page):
    port, answers = page
    started = time.time()
    check = health.heartbeat(port, "scheduler")
    beat(answers, "healthy", datetime.now(UTC) - timedelta(minutes=1))
    assert check(1, started) is False
    beat(answers, "healthy", datetime.now(UTC) + timedelta(seconds=1))
    assert check(1, started) is True
    beat(answers, "unhealthy", datetime.now(UTC) + timedelta(seconds=1))
    assert check(1, started) is False


def test_without_the_api_nobody_can_tell():
    assert health.heartbeat(free_port(), "scheduler")(1, 0) is None


@pytest.mark.parametrize(
    ("answers", "all_of_them"), [([True, True], True), ([True, None], None), ([None, False], False)]
)
def test_all_of_several_checks(answers, all_of_them):
    checks = [lambda pid, at, answer=answer: answer for answer in answers]
    assert health.all_of(*checks)(1, 0) is all_of_them
