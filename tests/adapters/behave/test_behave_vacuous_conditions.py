"""Which conditions always hold, whatever the product does, and which of similar ones may not."""

from __future__ import annotations

from adapters.behave.test_behave_vacuous_tables import judge_body
from grouped import in_one_test

# Where a pair of conditions is meant: the first always holds, the second may not.
PAIRS = [
    ("(found := 5)", "(found := context.total)"),
    ("(found := [context.total])", "(found := list(context.items))"),
    ("(found := context.total == context.total)", "(found := context.total == context.count)"),
    ("(1, 2)[0]", "(0, context.total)[1]"),
    ("(context.total, 'message')", "(context.total, 'message')[0]"),
    ("[context.total]", "[*context.items]"),
    ("{**context.items, 'a': 1} or True", "{**context.items}"),
    ("lambda: context.total == 5", "(lambda: context.total == 5)()"),
    ("(x == 5 for x in context.items)", "all(x == 5 for x in context.items)"),
    ("f'total {context.total}'", "f'{context.total}'"),
    ("context.total == 5 or True", "context.total == 5 and True"),
    ("context.total or not context.total", "context.total or not context.count"),
    ("not (context.total and not context.total)", "not (context.total and not context.count)"),
    ("context.total == 5 or context.total != 5", "context.total == 5 or context.total != 6"),
    ("context.total != 5 or context.total != 6", "context.total != 5 or context.count != 6"),
    ("not (context.total == 5 and context.total == 6)", "not (context.total == 5 and context.count == 6)"),
    ("context.total > 5 or context.total <= 5", "context.total > 5 or context.total <= 4"),
    ("context.a in context.b or context.a not in context.b", "context.a in context.b or context.a not in context.c"),
    ("(not context.a) is True or (not context.a) is False", "context.a is True or context.a is False"),
    ("context.total if False else 5", "context.total if True else 5"),
    ("5 if context.ok else 6", "5 if context.ok else context.total"),
    ("context.ok if context.ok else 6", "context.total if context.ok else 6"),
    ("context.total == context.total", "context.total == context.count"),
    ("context.total is context.total", "context.make() is context.make()"),
    ("len(context.items) == len(context.items)", "context.read() == context.read()"),
    ("context.name.upper() == context.name.upper()", "context.name.upper() == context.name.lower()"),
    ("1 < 2 < 3", "1 < 2 < context.total"),
    ("len(context.items) >= 0", "len(context.items) >= 1"),
    ("len(context.items) > -1", "len(context.items) > 0"),
    ("len(context.items) != -1", "len(context.items) != 0"),
    ("0 <= len(context.items)", "1 <= len(context.items)"),
    ("not len(context.items) < 0", "not len(context.items) < 1"),
    ("not len(context.items) == -1", "not len(context.items) == 0"),
    ("abs(context.total) >= 0", "abs(context.total) >= 1"),
    ("len([context.a, context.b]) == 2", "len([*context.items]) == 2"),
    ("len([context.a, context.b]) > 1", "len(context.items) > 1"),
    ("len('a' + context.text) > 0", "len(context.text + context.text) > 0"),
    ("len('a' + context.text) >= 1", "len('a' + context.text) >= 2"),
    ("'' in str(context.total)", "'a' in str(context.total)"),
    ("'' in f'{context.total}' or True", "'' in context.items"),
    ("context.total in [context.total, 5]", "context.total in [context.count, 5]"),
    ("(context.a is None) in (True, False)", "context.a in (True, False)"),
    ("context.total not in []", "context.total not in [5]"),
    ("context.total not in ()", "context.total not in context.items"),
    ("'a' + context.text != ''", "context.text != ''"),
    ("(context.a, context.b) != ''", "context.items != ''"),
    ("str(context.total) is not None", "context.total is not None"),
    ("(context.total == 5) is not None", "context.find(5) is not None"),
    ("(context.find(5) or 6) is not None", "(6 and context.find(5)) is not None"),
    ("context.total.assert_called_with", "context.total.assert_called_with()"),
    ("context.total.__class__", "context.total.kind"),
    ("context.total.called_once_with(5)", "context.total().called_once_with(5)"),
    ("isinstance(context.total, object)", "isinstance(context.total, int)"),
    ("issubclass(context.kind, object)", "issubclass(context.kind, int)"),
    ("isinstance(context.total, type(context.total))", "isinstance(context.total, type(context.count))"),
    ("isinstance(context.total, context.total.__class__)", "isinstance(context.total, context.count.__class__)"),
    ("isinstance(context.total == 5, bool) or True", "isinstance(context.total, bool)"),
    ("isinstance(not context.total, bool)", "isinstance(context.total, (bool, str))"),
    ("isinstance(str(context.total), str)", "isinstance(str(context.total), int)"),
    ("isinstance(str(context.total), (int, str))", "isinstance(context.read(), (int, str))"),
    ("type(str(context.total)) is str", "type(context.total) is str"),
    ("type(context.total)", "type(context.total) == int"),
    ("hasattr(context, 'config')", "hasattr(context, 'total')"),
    ("hasattr(context.total, '__class__')", "hasattr(context.total, 'price')"),
    ("callable(len)", "callable(context.total)"),
    ("callable(lambda: context.total)", "callable(context.total.price)"),
    ("context.text.startswith('')", "context.text.startswith('a')"),
    ("context.text.endswith('')", "context.text.endswith(context.end)"),
    ("re.match('', context.text)", "re.match('a', context.text)"),
    ("re.search('.*', context.text)", "re.search('.+', context.text)"),
    ("re.match('a?', context.text)", "re.match('^a', context.text)"),
    ("bool([context.total])", "bool(context.total)"),
    ("all([])", "all(context.items)"),
    ("all(x == 5 for x in [])", "all(x == 5 for x in context.items)"),
    ("all([x == 5 for x in ()])", "all([x == 5 for x in context.items])"),
    ("all({x == 5 for x in range(0)})", "all({x == 5 for x in range(context.total)})"),
    ("all(x == 5 for x in context.items[:0])", "all(x == 5 for x in context.items[:1])"),
    ("all(x == 5 for x in zip(context.items, []))", "all(x == 5 for x in zip(context.items, context.others))"),
    ("all(x == 5 for x in map(context.check, []))", "all(x == 5 for x in map(context.check, context.items))"),
    ("not any([])", "not any(context.items)"),
    ("all(True for x in context.items)", "any(True for x in context.items)"),
    ("any([context.total, 1])", "any([context.total, 0])"),
    ("all([1, 2])", "all([1, context.total])"),
    ("map(context.check, context.items)", "list(map(context.check, context.items))"),
    ("ValueError(context.total)", "context.make(ValueError)"),
    ("[1, context.total]", "list(context.items)"),
    ("list([context.total])", "list(context.total)"),
    ("dict(total=context.total)", "dict(context.total)"),
    ("'%s items' % context.total", "'%s' % context.total"),
    ("'{} items'.format(context.total)", "'{}'.format(context.total)"),
    ("context", "context.total"),
    ("print", "print(context.total) or context.total"),
    ("os.path", "os.environ.get(context.name)"),
    ("__name__ != '__main__'", "__name__ != context.name"),
    ("'a' * 0 == ''", "'a' * context.total == ''"),
]
HOLDING = [
    *(
        "found = 5\n    assert found",
        "found = context.total\n    assert found == context.total",
        "found = 'a'\n    assert found == 'a'",
    ),
    *(
        "context.total = 5\n    assert context.total == 5",
        "found = other = [1]\n    assert other",
        "a, b = 1, 2\n    assert a < b",
    ),
    *("found = 1\n    found += 1\n    assert found == 2", "found = context.total == 5 or True\n    assert found"),
    *("if context.total:\n        assert context.total", "if not context.total:\n        assert not context.total"),
    *(
        "assert context.total == 5 or True",
        "for x in []:\n        assert x == 5",
        "while False:\n        assert context.total",
    ),
]
NOT_HOLDING = [
    *("found = context.total\n    assert found == 5", "found = 5\n    found = context.total\n    assert found == 5"),
    *("context.total = 5\n    context.run()\n    assert context.total == 5", "a, b = context.pair\n    assert a < b"),
    *(
        "found = [1]\n    context.fill(found)\n    assert found == [1]",
        "found = 1\n    found += context.total\n    assert found == 2",
    ),
    *("if context.total:\n        assert context.count", "if not context.total:\n        assert context.total"),
    *("for x in context.items:\n        assert x == 5", "while context.total:\n        assert context.count"),
    *(
        "found = 5\n    for found in context.items:\n        pass\n    assert found == 5",
        "del context.total\n    assert context.total",
    ),
    *("a, *b = context.items\n    assert b == [1]", "with context.open() as found:\n        assert found == 5"),
    *("found = 5\n    if context.ok:\n        found = context.total\n    assert found == 5",),
]
OUTCOMES = [
    *(
        "os.system('true')",
        "subprocess.run([sys.executable, '-V'])",
        "subprocess.call('true', shell=True)",
        "doctest.testmod()",
    ),
    *(
        "unittest.main(exit=False)",
        "unittest.TextTestRunner().run(context.suite)",
        "unittest.TestSuite().run(context.result)",
    ),
    *("unittest.defaultTestLoader.loadTestsFromTestCase(context.case).run(context.result)",),
    *("subprocess.run('true', shell=True, capture_output=True, text=True)", "doctest.testfile('a.txt')"),
]
CHECKED = [
    *(
        "subprocess.run([sys.executable, '-V'], check=True)",
        "subprocess.check_call('true', shell=True)",
        "unittest.main()",
    ),
    *("assert os.system('true') == 0", "doctest.testmod(raise_on_error=True)", "doctest.testmod(**context.options)"),
    *("unittest.main(exit=True)", "context.runner().run(context.suite)", "subprocess.run(['shop', 'open'])"),
    *("subprocess.run('true', shell=context.shell)", "subprocess.run([context.program])"),
]


@in_one_test("pair", PAIRS)
def test_of_two_conditions_one_always_holds(pair: tuple[str, str]) -> None:
    assert [bool(judge_body(f"assert {condition}")) for condition in pair] == [True, False]


@in_one_test("body", HOLDING)
def test_an_assertion_of_what_the_step_has_just_set_is_vacuous(body: str) -> None:
    assert judge_body(body)


@in_one_test("body", NOT_HOLDING)
def test_an_assertion_of_what_something_else_may_have_set_is_not(body: str) -> None:
    assert not judge_body(body)


@in_one_test("call", OUTCOMES)
def test_an_outcome_that_nothing_asks_for_is_no_check(call: str) -> None:
    assert judge_body(call)


@in_one_test("call", CHECKED)
def test_an_outcome_that_is_checked_is_one(call: str) -> None:
    assert not judge_body(call)
