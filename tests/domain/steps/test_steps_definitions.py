"""What the source of a step file says of its definitions."""

from __future__ import annotations

import pytest

from spec2bdd.domain.steps.definitions import parse_definitions

STUB = '@then("a lamp is on")\ndef a_lamp_is_on(context):\n    """Must: A lamp is on."""\n    raise {raised}\n'


@pytest.mark.parametrize(
    ("raised", "is_stub"),
    [
        ('StepNotImplementedError("a lamp is on")', True),
        # Where a step file has that name for something of its own.
        ('BehaveStepNotImplementedError("a lamp is on")', True),
        ('pending_step.StepNotImplementedError("a lamp is on")', True),
        ('NotImplementedError("a lamp is on")', False),
        ('StepNotImplementedError("a lamp is off")', False),
        ('StepNotImplementedError("a lamp is on", 1)', False),
        ('StepNotImplementedError("a lamp is on") from None', False),
        ("StepNotImplementedError", False),
        ("StepNotImplementedError()", False),
    ],
)
def test_a_stub_raises_what_generate_writes_and_nothing_else(raised: str, is_stub: bool) -> None:
    (definition,) = parse_definitions(STUB.format(raised=raised))
    assert definition.is_stub == is_stub
