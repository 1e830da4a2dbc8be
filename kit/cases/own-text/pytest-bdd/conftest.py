from pytest_bdd import step


def works():
    return True


@step("it works")
def it_works():
    assert works()


@step("it fails")
def it_fails():
    assert not works()
