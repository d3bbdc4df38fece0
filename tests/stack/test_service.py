import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from stack import processes, service
from stack.part import Part
from stack.service import Service


def part(text="exec sleep 600", **more):
    return Part("a", ("/bin/sh", "-c", text), {"PATH": os.defpath}, **more)


@pytest.fixture
def started(tmp_path):
    """Starts services and ends whatever they left."""
    services, groups = [], []

    def start(chosen):
        new = Service(chosen, tmp_path)
        new.start()
        services.append(new)
        groups.append(new.process.pid)
        return new

    yield start
    groups += [one.process.pid for one in services if one.process]
    for below in processes.descendants(groups, processes.table()) - set(groups):  # one may lead a session of its own
        os.kill(below, signal.SIGKILL)
    for group in groups:
        processes.signal_group(group, signal.SIGKILL)
    for one in services:
        if one.process:
            one.process.wait()


def crash(running):
    running.process.kill()
    os.waitid(os.P_PID, running.process.pid, os.WEXITED | os.WNOWAIT)
    running.ended()


def ask_until_answered(running):
    running._ask_at = 0
    with ThreadPoolExecutor(1) as pool:
        running.ask(pool)
        running._answer.exception()
        running.ask(pool)


def test_each_crash_waits_twice_as_long_up_to_a_limit(started):
    running = started(part("exit 1"))
    waits = []
    for _ in range(9):
        os.waitid(os.P_PID, running.process.pid, os.WEXITED | os.WNOWAIT)
        before = time.monotonic()
        running.ended()
        waits.append(round(running.again_at - before, 1))
        running.start()
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_a_crash_after_a_calm_time_counts_as_the_first(started):
    running = started(part())
    running.failures, running.started = 6, time.time() - service.CALM - 1
    crash(running)
    assert running.failures == 1


def test_an_answer_about_a_dead_process_is_not_heard(started):
    running = started(part(health=lambda pid, at: True))
    with ThreadPoolExecutor(1) as pool:
        running.ask(pool)
        crash(running)
        running.start()
        assert running.state == "starting"
        assert running._answer is None


def test_one_that_cannot_be_asked_stays_as_it_was(started):
    running = started(part(health=lambda pid, at: None))
    ask_until_answered(running)
    assert running.state == "starting"
    running.state = "healthy"
    ask_until_answered(running)
    assert running.state == "healthy"


def test_a_healthy_one_that_says_no_is_unhealthy(started):
    running = started(part(health=lambda pid, at: False))
    running.state = "healthy"
    ask_until_answered(running)
    assert running.state == "unhealthy"


def living():
    return {pid: each for pid, each in processes.table().items() if not each.zombie}


def members(group):
    return {each.pid for each in living().values() if each.group == group}


def tasks_below(group):
    return processes.descendants(members(group), living()) - members(group)


def until(true):
    while not true():
        time.sleep(0.02)


def test_a_spared_group_may_finish_its_work_and_then_goes(started):
    running = started(part("sleep 600 & wait", spare_group=True))
    old = running.process.pid
    until(lambda: len(members(old)) == 2)
    crash(running)
    assert running.old_groups == {old}
    assert members(old)
    running.start()
    running.state = "healthy"
    running.drop_idle_leftovers()
    until(lambda: not members(old))
    assert not running.old_groups


def test_a_group_with_a_task_below_it_is_left_until_the_task_is_over(started):
    running = started(part("(setsid sleep 600 & exec sleep 600) & wait", spare_group=True))
    old = running.process.pid
    until(lambda: tasks_below(old))
    crash(running)
    running.start()
    running.state = "healthy"
    running.drop_idle_leftovers()
    (task,) = tasks_below(old)
    os.kill(task, signal.SIGKILL)
    until(lambda: not tasks_below(old))
    assert members(old)
    running.drop_idle_leftovers()
    until(lambda: not members(old))
