"""What comes again every year."""

from collections.abc import Iterator

from ml.diagnosis.case import Case, Evidence

LEAST_ROWS = 200


def returned(case: Case) -> Iterator[Evidence]:
    """Rows that are far from the last weeks, and as the same weeks of an earlier cycle were."""
    earlier = case.earlier
    if earlier is None or len(earlier) < LEAST_ROWS:
        return
    moved = [c for c in case.moved if c in earlier and c in case.current]
    if not moved:
        return
    far = {c: case.strength(c, earlier, case.current) for c in moved}
    if max(far.values()) < 1.0:
        near = f"at most {max(far.values()):.1f} of a threshold"
        sentence = f"{', '.join(moved)} are as in the same weeks of an earlier cycle ({near})"
        yield Evidence("seasonal return", "earlier cycle", 0.9, sentence)
