"""Golden rows as the frame that an estimator takes."""

from ml import golden
from ml.compiled.encoding import arrays, frame


def golden_frame(inputs, rows):
    """A frame of rows of plain JSON."""
    return frame(arrays(dict(inputs), [golden.typed(inputs, row) for row in rows]))
