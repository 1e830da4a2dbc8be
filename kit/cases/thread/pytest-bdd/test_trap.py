import threading

from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


def fail():
    raise AssertionError("the trap")


def thread(function):
    started = threading.Thread(target=function)
    started.start()
    started.join()


@step("it ends")
def it_ends():
    thread(fail)
