"""``python -m ml.shelf``: a version is fetched and tried; see ``ml.shelf.fetching``."""

from ml.shelf.fetching import main

if __name__ == "__main__":
    main()
