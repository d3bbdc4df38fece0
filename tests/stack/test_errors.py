from stack import errors


def test_a_wrong_setting_has_an_exit_code_of_its_own():
    family = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.StackError)]
    assert {each.exit_code for each in family} == {1, 2}
    assert errors.SettingsError.exit_code == 2
