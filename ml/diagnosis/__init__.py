"""Why the rows moved: signs of a broken feed, of another mix, of the seasons, of the labels; or the world itself."""

from ml.diagnosis.case import Case, Doubt, Evidence, Kind
from ml.diagnosis.doubts import doubts
from ml.diagnosis.verdict import ORDER, SIGNS, explain

__all__ = ["ORDER", "SIGNS", "Case", "Doubt", "Evidence", "Kind", "doubts", "explain"]
