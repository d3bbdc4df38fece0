"""A pipeline with a version in Production, and the files of the days to come."""

import pytest

from tests import served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace with ``tiny``, whose version 1 serves; tests share it, each with days of its own."""
    from ml.workspace import Workspace

    folder = tmp_path_factory.mktemp("scoring")
    place = Workspace.apart(folder / "apart", served.write(folder / "tiny"))
    served.serve(place)
    return place
