import os
import signal
import socket
import subprocess
import sys

from stack import processes


def test_a_started_process_leads_a_group_of_its_own(tmp_path):
    with (tmp_path / "log").open("wb") as log:
        child = processes.start(["/bin/sleep", "600"], log=log)
    while processes.table()[child.pid].group != child.pid:
        pass
    child.kill()
    child.wait()
    assert child.pid not in processes.table()


def test_only_what_carries_the_mark_is_found_and_swept(tmp_path):
    mine = subprocess.Popen(["/bin/sleep", "600"], env={processes.MARK: str(tmp_path)})
    other = subprocess.Popen(["/bin/sleep", "600"], env={processes.MARK: f"{tmp_path}-2"})
    try:
        assert processes.marked(tmp_path) == {mine.pid}
        assert processes.sweep(tmp_path) == 1
        assert processes.marked(tmp_path) == set()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
        mine.wait()


def test_a_child_without_the_mark_is_found_below_one_that_has_it(tmp_path):
    text = "env -i /bin/sleep 600 & echo $!; wait"
    parent = subprocess.Popen(
        ["/bin/sh", "-c", text],
        env={processes.MARK: str(tmp_path), "PATH": os.defpath},
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(parent.stdout.readline())
    assert processes.marked(tmp_path) == {parent.pid, child}
    processes.sweep(tmp_path)
    parent.communicate()


def test_a_port_belongs_to_the_process_that_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert processes.owns_port(os.getpid(), port)
        other = subprocess.Popen(["/bin/sleep", "600"])
        try:
            assert not processes.owns_port(other.pid, port)
        finally:
            other.kill()
            other.wait()
    assert not processes.owns_port(os.getpid(), port)


def test_memory_is_that_of_living_processes():
    assert processes.memory([os.getpid()]) > 1_000_000
    assert processes.memory([2**22 + 1]) == 0


def test_the_exit_of_a_child_is_seen_before_it_is_reaped():
    child = subprocess.Popen([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert processes.next_ended() == child.pid
    assert processes.reap_children()[child.pid] == -signal.SIGKILL
    child.returncode = -signal.SIGKILL
