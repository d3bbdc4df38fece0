"""What every detector of sensors does alike."""

from typing import ClassVar, Literal

from ml.detectors.sensors import SensorDetector


class Counted(SensorDetector):
    says: ClassVar[str] = "places that gave a reading on the newest day"
    kind: Literal["counted"] = "counted"

    def score(self, daily, night):
        return float(len(daily[night.current[-1]]))


def test_each_measurement_is_scored_by_itself_under_its_name(scored):
    found = scored(Counted(by="town", columns=("heat", "rain")), lambda frame: frame, last=2)
    assert {name: scores[-1] for name, scores in found.items()} == {"counted: heat": 3.0, "counted: rain": 0.0}
