"""The mails of a drift episode: one when it opens, one if it doubles, one when it ends."""

from datetime import date

from ml.episodes import Episode
from ml.messages.drift import drift_parts
from ml.messages.drift import moved as columns
from ml.messages.letter import Bullets, Letter, Links, Part, Tone, listed, pictures, sentence, shortened
from ml.messages.post import Images, post
from ml.records import Alert, Decision, Diagnosis, DriftReport

MOST_SIGNS = 5
OPENED = "episode/opened"
_HEADLINES = {
    "data fault": "a feed looks broken",
    "mix": "another mix of rows",
    "covariate shift": "the inputs moved",
    "label shift": "the label's rate moved",
    "concept shift": "what leads to the label changed",
    "seasonal return": "the season has come again",
}
_TODO = {
    "data fault": (
        "The day is set aside and no model learns from it. Mend the feed and run the night again, or release the day: "
        '`nightshift quarantine release {pipeline} --day {day} --why "…"`.'
    ),
    "mix": "Nothing is broken and a retrain would not help. Look whether the new mix is meant to be.",
    "covariate shift": "Find out whether the world has changed: a retrain helps with that.",
    "label shift": "Find out why the rate moved before you trust the next scores.",
    "concept shift": "Look at what changed around the label; until the retrain is promoted, trust the scores less.",
    "seasonal return": "There is nothing to do.",
}

_DOUBTED = (
    "It is not proven yet, and no retrain but one that you ask for learns from this day before it is, or two weeks are "
    "over. If you know that the world has changed, let the day in: "
    '`nightshift quarantine release {pipeline} --day {day} --why "…"`. If a feed broke, mend it and run the night '
    'again, or give the day up: `nightshift quarantine discard {pipeline} --day {day} --why "…"`.'
)
_WAITS = (
    " The shift waits for another night; to learn from it at once, ask for a retrain: "
    '`nightshift retrain {pipeline} --reason "…"`.'
)


def opened_alert(
    report: DriftReport, decision: Decision, diagnosis: Diagnosis | None, links: Links, images: Images = ()
) -> Alert:
    """What moved how far, why, as far as can be told, and what is done about it."""
    kind = diagnosis.kind if diagnosis else None
    moved = listed(columns(report), 2)
    headline = f"{report.pipeline}: {_HEADLINES[kind] if kind else 'the rows moved'} ({moved})"
    return post(
        Letter(
            pipeline=report.pipeline,
            day=report.day,
            tone=_tone(kind),
            headline=shortened(headline, 69),
            happened=f"The rows of {report.day} are no longer like those before them: {listed(columns(report))} moved.",
            why=_why(diagnosis),
            todo=_todo(report, decision, diagnosis),
            parts=(
                *pictures(images),
                *_doubts(diagnosis),
                *_signs(diagnosis),
                *drift_parts(report),
                *_against(decision),
            ),
            links=links,
        ),
        "drift",
        OPENED,
        images,
    )


def opened_key(pipeline: str, day: date) -> str:
    """The key under which a night's opening mail lies in the outbox."""
    return f"{pipeline}/{day}/{OPENED}"


def worse_alert(
    report: DriftReport, episode: Episode, diagnosis: Diagnosis | None, links: Links, images: Images = ()
) -> Alert:
    """That an open episode has doubled since its last mail."""
    grown = listed(episode.columns)
    return post(
        Letter(
            pipeline=report.pipeline,
            day=report.day,
            tone="warning",
            headline=shortened(f"{report.pipeline}: the drift since {episode.opened} has grown", 69),
            happened=(
                f"The drift that began on {episode.opened} has grown: {grown} moved, "
                f"{_times(episode.worst)} of a threshold at most."
            ),
            why=_why(diagnosis),
            todo="Nothing more is sent unless it doubles again or ends.",
            parts=(*pictures(images), *_signs(diagnosis), *drift_parts(report)),
            links=links,
        ),
        "drift",
        "episode/worse",
        images,
    )


def ended_alert(report: DriftReport, episode: Episode, links: Links) -> Alert:
    """That the nights have been quiet again."""
    nights = f"{episode.alarms} night" + ("s" if episode.alarms > 1 else "")
    return post(
        Letter(
            pipeline=report.pipeline,
            day=report.day,
            tone="good",
            headline=shortened(f"{report.pipeline}: the drift since {episode.opened} is over", 69),
            happened=(
                f"The drift that began on {episode.opened} is over: {nights} alarmed, the last of {episode.last}, "
                f"and the {episode.quiet} after it were quiet."
            ),
            why=f"It moved {listed(episode.columns)}, {_times(episode.worst)} of a threshold at most.",
            todo="There is nothing to do.",
            parts=(),
            links=links,
        ),
        "drift",
        "episode/ended",
    )


def _tone(kind: str | None) -> Tone:
    return "bad" if kind == "data fault" else "warning"


def _why(diagnosis: Diagnosis | None) -> str:
    if diagnosis is None:
        return ""
    if not diagnosis.evidence:
        return f"This looks like {diagnosis.kind}: no sign of a broken feed, of another mix or of the labels was found."
    first = sentence(shortened(diagnosis.evidence[0].sentence, 220))
    return f"This looks like {'a ' if diagnosis.kind == 'data fault' else ''}{diagnosis.kind}: {first}"


def _todo(report: DriftReport, decision: Decision, diagnosis: Diagnosis | None) -> str:
    started = (
        "A retrain has started; its result comes in another mail. " if decision.retrain else "No retrain has started. "
    )
    if diagnosis is not None and diagnosis.doubts and diagnosis.action == "mail":
        waits = _DOUBTED if decision.retrain else _DOUBTED + _WAITS
        return started + waits.format(pipeline=report.pipeline, day=report.day)
    return started + _TODO.get(diagnosis.kind if diagnosis else "", "").format(pipeline=report.pipeline, day=report.day)


def _doubts(diagnosis: Diagnosis | None) -> tuple[Part, ...]:
    return (Bullets("Why it is not proven yet", diagnosis.doubts),) if diagnosis and diagnosis.doubts else ()


def _signs(diagnosis: Diagnosis | None) -> tuple[Part, ...]:
    if diagnosis is None or len(diagnosis.evidence) < 2:
        return ()
    return (Bullets("Signs", tuple(f"{e.kind}: {e.sentence}" for e in diagnosis.evidence[:MOST_SIGNS])),)


def _against(decision: Decision) -> tuple[Part, ...]:
    return (Bullets("What held a retrain back", decision.against),) if decision.against else ()


def _times(strength: float) -> str:
    return f"{strength:.1f} times" if strength < 1000 else "far beyond"
