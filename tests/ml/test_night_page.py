"""A night on one page."""

from datetime import date

import pytest

from ml.night_page import PAGE_POLICY, REPORT_POLICY, night_page, nothing_page
from ml.nights import Night
from ml.records import CAME, SAID, ColumnDrift, Decision, DriftReport, Estimated, Performance, Reason, Weighed

DAY = date(2013, 5, 1)
NIGHT = Night("flights", DAY, (), Decision(pipeline="flights", day=DAY, retrain=False), None)


def report(*columns, html="flights/drift/a.html"):
    return DriftReport(
        pipeline="flights",
        day=DAY,
        reference=(DAY, DAY),
        current=(DAY, DAY),
        reference_rows=900,
        current_rows=90,
        columns=columns,
        html=html,
    )


def column(name, drifted=False, problem=None):
    return ColumnDrift(column=name, method="wasserstein", threshold=0.1, score=0.25, drifted=drifted, problem=problem)


def test_the_columns_that_drifted_come_first():
    page = night_page(NIGHT, report(column("humid"), column("temp", drifted=True)), "report")
    assert page.index("temp") < page.index("humid")


def test_the_report_is_framed_without_an_origin():
    page = night_page(NIGHT, report(column("temp")), "2013-05-01/report")
    assert '<iframe sandbox="allow-scripts" src="2013-05-01/report"' in page
    assert "allow-same-origin" not in page + REPORT_POLICY
    assert REPORT_POLICY.startswith("sandbox allow-scripts;")


def test_what_comes_from_data_is_escaped():
    odd = "</script><script>alert(1)</script>"
    page = night_page(NIGHT, report(column(odd, problem=odd)), '"><script>')
    assert "<script" not in page
    assert "<script" not in nothing_page(odd)


def test_the_page_itself_runs_no_script():
    assert "script-src" not in PAGE_POLICY
    assert PAGE_POLICY.startswith("default-src 'none'")


def test_a_night_without_a_check_says_so_and_frames_nothing():
    page = night_page(NIGHT, None, "report")
    assert "No drift check" in page
    assert "<iframe" not in page


def test_why_it_was_decided_so_stands_on_the_page():
    decision = Decision(
        pipeline="flights", day=DAY, retrain=True, reasons=(Reason(kind="drift", sentence="temp moved <far>"),)
    )
    assert "temp moved &lt;far&gt;" in night_page(Night("flights", DAY, (), decision, None), None, "report")


def test_what_led_to_the_decision_stands_there_escaped():
    from ml.account import Account
    from ml.account.section import Section
    from ml.messages.letter import Paragraph

    told = Account("flights", DAY, "", tuple(Section(n, (Paragraph(f"<i>{n}</i>"),), {}) for n in ("gates", "data")))
    page = night_page(NIGHT, None, "report", told)
    assert "<h2>Gates</h2><p>&lt;i&gt;gates&lt;/i&gt;</p>" in page
    assert "<h2>Data</h2>" not in page


def expected(**of):
    return Estimated(pipeline="flights", day=DAY, version=3, metric="log_loss", level=0.95, rows=90, **of)


def real(**of):
    return Performance(pipeline="flights", day=DAY, first=DAY, version=3, role="batch", metric="log_loss", **of)


def test_what_was_expected_and_what_came_true_stand_side_by_side_with_intervals():
    told = [
        (expected(state="estimated", value=0.5, interval=(0.4, 0.6)), None),
        (
            expected(state="estimated", value=0.7, interval=(0.6, 0.8)),
            real(state="known", rows=88, metrics={"log_loss": 0.65, SAID: 0.24, CAME: 0.31}, interval=(0.6, 0.7)),
        ),
    ]
    page = night_page(NIGHT, None, "report", None, told, "2013-05-01/performance.png")
    assert "estimated log_loss" in page
    assert (
        "<td>0.7000 (0.6000 to 0.8000)</td><td>0.6500 (0.6000 to 0.7000) on 88 rows</td>"
        "<td>said 24.0%, came 31.0%</td>" in page
    )
    assert "<td>0.5000 (0.4000 to 0.6000)</td><td>unknown: no night has looked yet</td>" in page
    assert '<img src="2013-05-01/performance.png" width="990" height="396"' in page  # room, before it is there
    assert "img-src 'self'" in PAGE_POLICY


def test_what_is_unknown_says_why_on_both_sides():
    told = [(expected(state="unknown", why="too few <labels>"), real(state="unknown", why="its labels are due"))]
    page = night_page(NIGHT, None, "report", None, told, "x.png")
    assert "<td>unknown: too few &lt;labels&gt;</td><td>unknown: its labels are due</td>" in page


def test_why_nothing_was_expected_is_told_of_the_newest_day_alone():
    told = [(expected(state="unknown", why=f"{n} days are too few"), None) for n in (30, 31)]
    page = night_page(NIGHT, None, "report", None, told, "x.png")
    assert "<td>unknown: 31 days are too few</td>" in page
    assert "<td>unknown</td><td>unknown: no night has looked yet</td>" in page
    assert "30 days" not in page


def test_where_nothing_was_predicted_there_is_no_performance():
    assert "Performance" not in night_page(NIGHT, None, "report")


@pytest.fixture
def report_of_worth():
    """A first version, and one that the schedule asked for; its gain is told in this unit."""
    from ml.prices.plan import WorthPlan
    from ml.worth.balance import Balance
    from ml.worth.cost import Cost
    from ml.worth.entries import Entry
    from ml.worth.gain import Gain
    from ml.worth.report import Report

    def of(unit):
        weighed = Weighed(
            pipeline="flights",
            day=DAY,
            version=2,
            other=1,
            against="replaced",
            state="known",
            rows=100,
            losses={"log_loss": (0.1, 0.5)},
        )
        entries = [
            Entry(DAY, "first model", "promoted", 1, None, Cost()),
            Entry(DAY, "schedule", "promoted", 2, 1, Cost(), (weighed,)),
        ]
        plan = WorthPlan()
        single = tuple(Balance.of([entry], plan, "log_loss") for entry in entries)
        return Report("flights", plan, "log_loss", unit, single[1], {"schedule": single[1]}, single, Gain(), Cost())

    return of


def test_what_retrains_were_worth_stands_in_a_sentence_a_picture_and_a_table(report_of_worth):
    page = night_page(NIGHT, None, "report", worth=report_of_worth("<b>"), drawn='"x.png')
    assert "<h2>Worth</h2><p>1 retrain after the first version, 1 promoted, gave 40 &lt;b&gt; on 1 matured day" in page
    assert '<img src="&quot;x.png" width="990" height="396"' in page
    assert '<td>2 for 1</td><td class="long">took 0 s of compute and 0 minutes of people</td>' in page
    assert '<td class="number">40 &lt;b&gt;</td><td class="number">1</td><td>schedule</td>' in page
    assert "<b>" not in page


def test_a_worth_that_nobody_can_tell_says_why():
    page = night_page(NIGHT, None, "report", worth="a <wrong> line in flights.yaml")
    assert "<h2>Worth</h2>" in page
    assert "It cannot be told: a &lt;wrong&gt; line in flights.yaml" in page


def test_before_a_retrain_there_is_no_worth():
    assert "Worth" not in night_page(NIGHT, None, "report")
