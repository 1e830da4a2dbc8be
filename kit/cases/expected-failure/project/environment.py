from behave.model_type import Status


def after_step(context, step):
    if "xfail" in context.tags and step.status == Status.failed:
        step.status = Status.passed
        step.exception = None


def after_scenario(context, scenario):
    if "xfail" in scenario.tags:
        scenario.set_status(Status.passed)
