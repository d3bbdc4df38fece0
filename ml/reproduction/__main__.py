"""``python -m ml.reproduction REQUEST ANSWER``: the process in which a model is fitted once more."""

import sys
from pathlib import Path

from ml.reproduction.rebuild import main

main(Path(sys.argv[1]), Path(sys.argv[2]))
