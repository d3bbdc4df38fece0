"""How well a model does while the labels are young, with an interval, or why that cannot be said."""

from ml.estimated.estimation import Day, Learned, Terms, estimable, estimate, learn, replay
from ml.estimated.reach import Miss

__all__ = ["Day", "Learned", "Miss", "Terms", "estimable", "estimate", "learn", "replay"]
