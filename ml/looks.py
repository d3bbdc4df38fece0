"""What many nights' looks at the same question say together, without the looks being free."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import inf, sqrt

from ml.comparison import blocks, mean_and_error
from ml.estimate import WEEK
from ml.records import Comparison, DayGap, Evaluation, Looks

YEAR = timedelta(days=365)


def with_looks(tonight: Evaluation, past: Sequence[Evaluation], alpha: float) -> Evaluation:
    """The evaluation with what ``past`` ones, older and oldest first, and it say together beside the champion.

    One question is one recipe beside one version in Production. Held-out days that were seen on several nights count
    once, as they were seen first.
    """
    if tonight.champion_version is None or tonight.procedure is None:
        return tonight
    asked = [e for e in past if _question(e) == _question(tonight)]
    number = 1 if tonight.same_procedure else _number(tonight, past)
    share = alpha if tonight.same_procedure else alpha / (number * (number + 1))
    found = tuple(
        c.model_copy(update={"looks": _together(c, asked, 1 - share, number)}) if c.role == "champion" else c
        for c in tonight.comparisons
    )
    return tonight.model_copy(update={"comparisons": found})


def reach(blocks: int, error: float, level: float) -> float:
    """How far the mean of so many blocks with a standard ``error`` may lie from the truth, whenever one looks.

    The interval is where Student's t, mixed over effects of the size of one standard deviation, bets less than
    1 / (1 - level) against a value. Bets of this kind gain nothing on the average from looking often, so the truth is
    left out by any of the looks with probability 1 - level at most (Ville 1939); exact for independent normal blocks
    of unknown spread. Infinite for few blocks. Source: Lai 1976, doi:10.1214/aos/1176343406; Wang and Ramdas 2024,
    arXiv:2310.03722; the mixture is Rouder et al. 2009, doi:10.3758/PBR.16.2.225, with a prior of unit variance.
    """
    if blocks < 2:
        return inf
    grown = 1 + blocks
    bet = (sqrt(grown) / (1 - level)) ** (2 / blocks)
    if bet >= grown:
        return inf
    return error * sqrt((blocks - 1) * (bet - 1) / (1 - bet / grown))


def always_valid(days: Sequence[DayGap], level: float, size: int = WEEK) -> tuple[float, float, float] | None:
    """The mean over whole blocks of ``size`` days and the ends of its interval; None while it would be infinite.

    Weeks, because a day's weather is still there on the next day: with days as blocks a year of looks left the truth
    out in 10 % of the years in which 5 % were promised, where neighbouring days correlate by 0.3; with weeks in 2 %.
    """
    grouped = blocks(days, size)
    if len(grouped) < 2:
        return None
    mean, error = mean_and_error(grouped)
    far = reach(len(grouped), error, level)
    return None if far == inf else (mean, mean - far, mean + far)


def _together(tonight: Comparison, asked: Sequence[Evaluation], level: float, number: int) -> Looks | None:
    seen = _first_seen([*(c for e in asked if (c := _twin(e, tonight)) is not None), tonight])
    if not seen:
        return None
    found = always_valid(seen, level)
    rows = sum(gap.rows for gap in seen)
    return Looks(
        worse_by=found[0] if found else sum(gap.worse_by * gap.rows for gap in seen) / rows,
        interval=found[1:] if found else None,
        level=level,
        blocks=len(seen) // WEEK,
        block_days=WEEK,
        first=seen[0].day,
        last=seen[-1].day,
        nights=len(asked) + 1,
        question=number,
    )


def _twin(past: Evaluation, tonight: Comparison) -> Comparison | None:
    """The comparison that was made on a past night as ``tonight`` was; one on the same rows stays one of its own."""
    bases = ("same rows",) if tonight.basis == "same rows" else ("as served", "own rows")
    return past.compared(tonight.metric, *bases)


def _first_seen(comparisons: Sequence[Comparison]) -> list[DayGap]:
    seen: dict[date, DayGap] = {}
    for comparison in comparisons:
        for gap in comparison.days:
            seen.setdefault(gap.day, gap)
    return [seen[day] for day in sorted(seen)]


def _question(evaluation: Evaluation) -> tuple[str | None, int | None]:
    return evaluation.procedure, evaluation.champion_version


def _number(tonight: Evaluation, past: Sequence[Evaluation]) -> int:
    """The how many-th question of its year this is, counted when it was asked first: the k-th gets alpha / k(k + 1)."""
    opened = dict(_opened([*past, tonight]))
    mine = opened[_question(tonight)]
    earlier = list(opened)[: list(opened).index(_question(tonight))]
    return 1 + sum(opened[question] > mine - YEAR for question in earlier)


def _opened(evaluations: Sequence[Evaluation]) -> Iterator[tuple[tuple[str | None, int | None], date]]:
    """Each question about another recipe than the champion's, with the day on which it was asked first."""
    seen = set()
    for evaluation in evaluations:
        question = _question(evaluation)
        if None not in question and not evaluation.same_procedure and question not in seen:
            seen.add(question)
            yield question, evaluation.day
