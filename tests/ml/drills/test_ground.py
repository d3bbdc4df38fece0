def test_a_ground_is_read_from_the_yaml(tiny_ground):
    assert (tiny_ground.name, tiny_ground.event_time, tiny_ground.key) == ("tiny", "at", ("parcel",))
    assert tiny_ground.label == "late"
    assert tiny_ground.columns == ("parcel", "at", "weight", "town", "late")
    assert tiny_ground.times == {"tiny": "at"}


def test_the_notes_are_what_the_contract_says_of_a_column(repository):
    from ml.config import find_pipeline
    from ml.drills import Ground

    ground = Ground.of(find_pipeline(repository / "config" / "pipelines", "flight_delays"))
    assert ground.notes["temp"] == "degrees Fahrenheit"


def test_what_says_when_the_outcome_became_known_is_no_column_to_strike(repository):
    from ml.config import find_pipeline
    from ml.drills import Ground

    pipeline = find_pipeline(repository / "config" / "pipelines", "flight_delays")
    assert set(pipeline.contract.columns) - set(Ground.of(pipeline).columns) == {"landed"}
