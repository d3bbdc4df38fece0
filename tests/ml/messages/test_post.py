"""A letter on its way."""

from datetime import date

from ml.messages.letter import Letter
from ml.messages.post import post


def test_the_key_is_that_of_the_pipelines_day_and_the_images_travel_along():
    letter = Letter("flights", date(2013, 1, 31), "good", "News", "It happened.", "", "Rest.", ())
    alert = post(letter, "result", "result/r1", (("scores", "a.png"),))
    assert (alert.key, alert.kind, alert.images) == ("flights/2013-01-31/result/r1", "result", (("scores", "a.png"),))
    assert alert.subject == "News"
    assert alert.text.startswith("It happened. Rest.")
