"""Fire drills: the ways in which data goes wrong, each ready to be injected into copies of clean days."""

from ml.drills.categories import CategoryMerged, CategoryRenamed
from ml.drills.clocks import ClockShifted
from ml.drills.columns import ColumnRenamed, ColumnsSwapped
from ml.drills.fault import Fault, Injected, Strike
from ml.drills.ground import Ground
from ml.drills.joins import JoinMisplaced, JoinShifted, UpstreamAbsent
from ml.drills.labels import LabelLeaked
from ml.drills.numbers import DecimalComma, NullBurst, Sentinel, SignFlipped, Spike
from ml.drills.rows import LateHalf, RowsTwice, SourceMissing, YesterdayAgain
from ml.drills.sensors import SensorFrozen
from ml.drills.texts import EncodingDamaged, TextTruncated
from ml.drills.units import UnitChanged

ROSTER: tuple[type[Fault], ...] = (
    UnitChanged,
    SignFlipped,
    Sentinel,
    Spike,
    DecimalComma,
    NullBurst,
    SensorFrozen,
    ColumnRenamed,
    ColumnsSwapped,
    LabelLeaked,
    CategoryMerged,
    CategoryRenamed,
    TextTruncated,
    EncodingDamaged,
    RowsTwice,
    YesterdayAgain,
    LateHalf,
    SourceMissing,
    UpstreamAbsent,
    JoinShifted,
    JoinMisplaced,
    ClockShifted,
)

__all__ = ["ROSTER", "Fault", "Ground", "Injected", "Strike", *(fault.__name__ for fault in ROSTER)]
