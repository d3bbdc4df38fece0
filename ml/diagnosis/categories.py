"""Categories under another name, and categories that swallowed another."""

from collections.abc import Iterator

from ml.diagnosis.case import Case, Evidence

LEAST_ROWS = 12
SAME = 0.6


def renamed(case: Case) -> Iterator[Evidence]:
    """A category that vanished while another, never seen before, took its share."""
    for column in case.categories:
        before, after, rows = _shares(case, column)
        gone = {v: s for v, s in before.items() if s * rows >= LEAST_ROWS and v not in after}
        new = {v: s for v, s in after.items() if v not in before and s * rows >= LEAST_ROWS / 2}
        for value, share in gone.items():
            near = min(new, key=lambda n: abs(new[n] - share), default=None)
            if near is not None and abs(new[near] - share) <= SAME * max(new[near], share):
                sentence = (
                    f"{column} {value!r} ({share:.1%}) is gone, and {near!r} ({new[near]:.1%}) is new in its place"
                )
                yield Evidence("data fault", "renamed", 0.9, sentence, column)


def merged(case: Case) -> Iterator[Evidence]:
    """A category that vanished while one that was there already grew by its share."""
    for column in case.moved_categories:
        before, after, rows = _shares(case, column)
        gone = {v: s for v, s in before.items() if s * rows >= 2 * LEAST_ROWS and v not in after}
        for value, share in gone.items():
            grown = {v: s - before[v] for v, s in after.items() if v in before}
            near = min(grown, key=lambda v: abs(grown[v] - share), default=None)
            if near is not None and abs(grown[near] - share) <= share / 2 and share >= 0.03:
                sentence = f"{column} {value!r} ({share:.1%}) is gone, and {near!r} grew by {grown[near]:.1%}"
                yield Evidence("data fault", "merged", 0.7, sentence, column)


def disfigured(case: Case) -> Iterator[Evidence]:
    """New values that are known ones with other case, blanks, letters or cut off: the feed writes them otherwise."""
    for column in case.categories:
        before, after, rows = _shares(case, column)
        new = {v: s for v, s in after.items() if v not in before}
        odd = {v: s for v, s in new.items() if _looks_known(str(v), before)}
        if sum(odd.values()) * rows >= LEAST_ROWS and sum(odd.values()) >= 0.5 * sum(new.values()):
            value = next(iter(odd))
            sentence = f"{column} has values such as {value!r}, which are known ones in another spelling"
            yield Evidence("data fault", "spelling", 0.85, sentence, column)


def _shares(case: Case, column: str) -> tuple[dict[str, float], dict[str, float], int]:
    before, after = (
        {
            str(value): float(share)
            for value, share in frame[column].astype(str)[frame[column].notna()].value_counts(normalize=True).items()
        }
        for frame in (case.reference, case.current)
    )
    return before, after, len(case.current)


def _looks_known(value: str, known: dict[str, float]) -> bool:
    plain = "".join(value.split()).casefold()
    if any(plain == "".join(other.split()).casefold() for other in known):
        return True
    letters = {letter for other in known for letter in other}
    if any(not letter.isascii() and letter not in letters for letter in value):
        return True
    longer = sum(other != value and other.casefold().startswith(plain) for other in known)
    return longer >= (1 if len(plain) >= 2 else 2)
