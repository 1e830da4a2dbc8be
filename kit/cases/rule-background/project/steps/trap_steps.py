import os, sys
from behave import step
from behave.api.pending_step import StepNotImplementedError

def works():
    return True

@step("it works")
def it_works(context):
    assert works()

@step("it fails")
def it_fails(context):
    assert not works()

@step("it is pending")
def it_is_pending(context):
    raise StepNotImplementedError("later")
