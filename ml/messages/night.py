"""Whether a night is worth a mail."""

from ml.messages.drift import drift_alert
from ml.messages.letter import Links
from ml.messages.post import Images
from ml.records import Alert, Batch, Decision, DriftReport


def of_night(
    batch: Batch, report: DriftReport | None, decision: Decision, links: Links, images: Images = ()
) -> Alert | None:
    """The alert of a drift check that alarmed; None for a quiet night."""
    if batch.state == "accepted" and report is not None and report.alarm:
        return drift_alert(report, decision, links, images)
    return None
