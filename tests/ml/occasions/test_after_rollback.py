from ml.occasions import AfterRollback


def test_after_a_rollback_the_next_promotion_is_looked_at(case, newest):
    assert AfterRollback().reason(case(newest=newest("rollback"))) == (
        "version 6 came back into Production by a rollback on 2013-01-30, by ada, because: late flights look early"
    )
