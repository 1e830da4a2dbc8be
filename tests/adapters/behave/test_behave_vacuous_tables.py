"""Each builtin, method, module and check that the analysis of step definitions knows by its name has its effect."""

from __future__ import annotations

from adapters.behave.test_behave_vacuous import judge
from grouped import in_one_test

# Nothing in these comes from outside of the step.
OWN_VALUES = [
    *(
        "len('ab') == 2",
        "str(1) == '1'",
        "int('2') == 2",
        "float('2') == 2",
        "bool([1]) is True",
        "sorted('ba') == ['a', 'b']",
    ),
    *(
        "tuple('a') == ('a',)",
        "list('a') == ['a']",
        "set('a') == {'a'}",
        "frozenset('a') == {'a'}",
        "dict(a=1) == {'a': 1}",
    ),
    *("min(1, 2) == 1", "max(1, 2) == 2", "sum([1, 2]) == 3", "abs(-1) == 1", "any([0, 1])", "all([1, 1])"),
    *(
        "isinstance(1, int)",
        "issubclass(bool, int)",
        "type(1) == int",
        "repr(1) == '1'",
        "round(1.2) == 1",
        "ord('a') == 97",
    ),
    *("chr(97) == 'a'", "list(enumerate('a')) == [(0, 'a')]", "list(zip('a', 'b')) == [('a', 'b')]"),
    *("list(reversed('ab')) == ['b', 'a']", "list(iter('a')) == ['a']", "next(iter('a')) == 'a'", "callable(len)"),
    *("object != 1", "bytes(1) == b'\\0'", "list(range(2)) == [0, 1]", "divmod(7, 2) == (3, 1)"),
    *(
        "'a'.upper() == 'A'",
        "'A'.lower() == 'a'",
        "' a '.strip() == 'a'",
        "' a'.lstrip() == 'a'",
        "'a '.rstrip() == 'a'",
    ),
    *("'ab'.startswith('a')", "'ab'.endswith('b')", "'-'.join('ab') == 'a-b'", "'a b'.split() == ['a', 'b']"),
    *("'ab'.replace('a', 'b') == 'bb'", "'aba'.count('a') == 2", "'ab'.find('b') == 1", "'ab'.index('b') == 1"),
    *(
        "'a b'.title() == 'A B'",
        "'ab'.capitalize() == 'Ab'",
        "'AB'.casefold() == 'ab'",
        "'1'.isdigit()",
        "'a'.isalpha()",
    ),
    *(
        "'a1'.isalnum()",
        "'A'.isupper()",
        "'a'.islower()",
        "list({1: 2}.items()) == [(1, 2)]",
        "list({1: 2}.keys()) == [1]",
    ),
    *("list({1: 2}.values()) == [2]", "{1: 2}.get(1) == 2", "'{}'.format(1) == '1'", "{1}.issubset({1, 2})"),
    *(
        "{1, 2}.issuperset({1})",
        "{1}.isdisjoint({2})",
        "'a\\nb'.splitlines() == ['a', 'b']",
        "'a' in 'ab'",
        "1 + 2 == 3",
    ),
    *("[x for x in 'ab'] == ['a', 'b']", "{x: y for x, y in [(1, 2)]} == {1: 2}", "f'{1}a' == '1a'", "1000 == 1000"),
]
# Each of these asks something else, or what asks it may be replaced.
OTHER_VALUES = [
    *(
        "context.total == 5",
        "len(context.items) == 2",
        "total('ab') == 2",
        "context.name.upper() == 'A'",
    ),
    *(
        "open('a.txt').read() == 'a'",
        "[x for x in context.items] == [1]",
    ),
    *("{x for x in items} == {1}", "f'{context.total}' == '5'"),
]
# What a value of these says was not asked of anything else.
OWN_MODULES = [
    "base64",
    "binascii",
    "collections",
    "copy",
    "dataclasses",
    "decimal",
    "enum",
    "fractions",
    "hashlib",
    "html",
    "itertools",
    "json",
    "math",
    "operator",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "types",
    "uuid",
]
OTHER_MODULES = ("os", "sys", "socket", "subprocess", "pathlib", "unittest")
REACHING = [
    "open",
    "input",
    "eval",
    "exec",
    "compile",
    "getattr",
    "setattr",
    "vars",
    "globals",
    "locals",
    "dir",
    "__import__",
    "breakpoint",
    "super",
    "delattr",
    "id",
]
# On a line of their own, they check nothing.
QUESTIONS = [
    *(
        "all(context.items)",
        "any(context.items)",
        "bool(context.total)",
        "callable(context.total)",
        "hasattr(context, 'x')",
    ),
    *("isinstance(context.total, int)", "issubclass(context.kind, int)", "re.match('a', context.text)"),
    *("re.search('a', context.text)", "re.fullmatch('a', context.text)", "fnmatch.fnmatch(context.path, 'a')"),
    *("math.isclose(context.total, 5)", "math.isnan(context.total)", "os.path.exists(context.path)"),
    *("os.path.isfile(context.path)", "os.path.isdir(context.path)", "operator.truth(context.total)"),
    *("operator.not_(context.total)", "operator.eq(context.total, 5)", "operator.ne(context.total, 5)"),
    *("operator.lt(context.total, 5)", "operator.le(context.total, 5)", "operator.gt(context.total, 5)"),
    *("operator.ge(context.total, 5)", "operator.contains(context.items, 5)"),
    *("'abc'.startswith(context.text)", "'abc'.endswith(context.text)", "'abc'.count(context.text)", "'12'.isdigit()"),
    *("'abc'.isalpha()", "'abc'.isalnum()", "{1}.issubset(context.items)", "{1}.issuperset(context.items)"),
    *("{1}.isdisjoint(context.items)", "context.total.__eq__(5)", "context.total.__ne__(5)", "context.total.__lt__(5)"),
    *("context.total.__le__(5)", "context.total.__gt__(5)", "context.total.__ge__(5)", "context.items.__contains__(5)"),
    *(
        "list(x == 5 for x in context.items)",
        "set([x == 5 for x in context.items])",
        "tuple(x == 5 for x in context.items)",
    ),
    *("list(map(lambda x: x == 5, context.items))", "sorted(filter(lambda x: x == 5, context.items))"),
    *("unittest.TestCase()", "map(context.check, context.items)", "filter(context.check, context.items)"),
    *("functools.partial(context.check, 5)", "threading.Thread(target=context.check)", "ValueError(context.total)"),
]
HARMLESS = [
    *("pprint.pprint(5)", "pprint.pp(5)", "time.sleep(1)", "warnings.warn('a')", "breakpoint()", "logging.debug('a')"),
    *(
        "logging.info('a')",
        "logging.warning('a')",
        "logging.error('a')",
        "logging.exception('a')",
        "logging.critical('a')",
    ),
    *(
        "logging.log(10, 'a')",
        "logging.getLogger('a')",
        "traceback.print_exc()",
        "traceback.print_stack()",
        "print('a')",
    ),
    *("print('a', sep='-', end='', flush=True)", "context.attach('text/plain', 'a')", "setattr(context, 'x', 5)"),
]
# These do something of the product, or check it.
MAY_CHECK = [
    *(
        "context.check()",
        "check(context.total)",
        "context.items.verify(5)",
        "print('a', file=context.file)",
        "context.total.count(5)",
    ),
    *(
        "setattr(context.shop, 'x', 5)",
        "list(map(context.check, context.items))",
        "list(context.check(x) for x in context.items)",
    ),
    *("case.assertTrue(context.total)", "sorted(context.items)", "all(context.check(x) for x in context.items)"),
]
COLLECTING = [
    *("found = []\n    found.append(context.total == 5)", "found = list()\n    found.append(context.total == 5)"),
    *("found = []\n    found.extend([context.total == 5])", "found = []\n    found.insert(0, context.total == 5)"),
    *("found = set()\n    found.add(context.total == 5)", "found = dict()\n    found.update(total=context.total == 5)"),
    *("found = {1}\n    found.add(context.total == 5)", "found = {}\n    found.update(total=context.total == 5)"),
]
READ = [
    *(
        "found = []\n    found.append(context.total == 5)\n    assert found[0]",
        "found = context.found\n    found.append(context.total == 5)",
    ),
    *(
        "found = []\n    found.append(context.total == 5)\n    check(locals())",
        "found = []\n    found.check(context.total == 5)",
    ),
    *(
        "found = []\n    found.append(context.total == 5)\n    check(vars())",
        "found = []\n    found.append(context.total == 5)\n    eval('found')",
    ),
    *(
        "found = []\n    found.append(context.total == 5)\n    exec('assert found[0]')",
        "found = []\n    found.append(context.total == 5)\n    dir()",
    ),
    *("found = collect()\n    found.append(context.total == 5)",),
]
# The checks of `unittest` and the like, with arguments with which they always pass.
ALWAYS_PASS = [
    *(
        "assertTrue(1)",
        "assert_true(1)",
        "ok_(1)",
        "assertFalse(0)",
        "assert_false(0)",
        "assertEqual(1, 1)",
        "assertEquals(1, 1)",
    ),
    *(
        "assert_equal(1, 1)",
        "assert_equals(1, 1)",
        "eq_(1, 1)",
        "assertCountEqual([1], [1])",
        "assertListEqual([1], [1])",
    ),
    *(
        "assertTupleEqual((1,), (1,))",
        "assertSetEqual({1}, {1})",
        "assertDictEqual({1: 2}, {1: 2})",
        "assertAlmostEqual(1, 1)",
    ),
    *(
        "assertMultiLineEqual('a', 'a')",
        "assertSequenceEqual([1], [1])",
        "assertNotEqual(1, 2)",
        "assertIs(None, None)",
    ),
    *(
        "assertIsNot(1, None)",
        "assertIn(1, [1])",
        "assertGreater(2, 1)",
        "assertGreaterEqual(2, 2)",
        "assertLess(1, 2)",
    ),
    *("assertLessEqual(2, 2)", "assertIsNotNone(1)", "assertIsNone(None)", "assertNotIn(context.total, [])"),
    *("assertIsInstance(1, int)", "assertIsInstance(context.total, object)", "assertRegex(context.text, '.*')"),
    *("assertEqual(first=1, second=1)", "assertTrue(expr=1)", "assertIn(member=1, container=[1])"),
    *("assertEqual(context.total, context.total)", "assertIs(context.total, context.total)"),
]
MAY_FAIL = [
    *(
        "assertTrue(context.ok)",
        "ok_(context.ok)",
        "assertFalse(context.ok)",
        "assertEqual(context.total, 5)",
        "eq_(context.total, 5)",
    ),
    *(
        "assertCountEqual(context.items, [1])",
        "assertListEqual(context.items, [1])",
        "assertTupleEqual(context.items, (1,))",
    ),
    *("assertNotEqual(context.total, 5)", "assertIs(context.total, None)", "assertIsNot(context.total, None)"),
    *(
        "assertIn(1, context.items)",
        "assertGreater(context.total, 1)",
        "assertLess(context.total, 1)",
        "assertIsNotNone(context.total)",
    ),
    *("assertGreaterEqual(context.total, 1)", "assertLessEqual(context.total, 1)", "assertIsNone(context.total)"),
    *("assertNotIn(context.total, [5])", "assertIsInstance(context.total, int)", "assertRegex(context.text, 'a.*')"),
    *("assertEqual(context.total)", "assertIsInstance(context.total)", "assertRegex(context.text)"),
]
IMPORTS = """\
import doctest, fnmatch, functools, logging, math, operator, os, pprint, re, subprocess, sys
import threading, time, traceback, unittest, warnings

case = unittest.TestCase()


"""


def judge_body(body: str) -> str:
    """Find why a definition with this body is vacuous; empty if it is not."""
    return judge(f"{IMPORTS}def judged(context):\n    {body}\n")


@in_one_test("value", OWN_VALUES)
def test_an_assertion_about_values_of_the_step_alone_is_vacuous(value: str) -> None:
    assert judge_body(f"assert {value}").startswith("line 8: the assertion always passes: ")


@in_one_test("value", OTHER_VALUES)
def test_an_assertion_about_anything_else_is_not(value: str) -> None:
    assert not judge_body(f"assert {value}")


@in_one_test("module", OWN_MODULES)
def test_what_these_modules_hold_is_nothing_of_the_product(module: str) -> None:
    assert judge(f"import {module}\n\n\ndef judged(context):\n    found = {module}.__doc__\n    assert found == 'a'\n")


@in_one_test("module", OTHER_MODULES)
def test_what_other_modules_hold_may_be_of_the_product(module: str) -> None:
    assert not judge(
        f"import {module}\n\n\ndef judged(context):\n    found = {module}.__doc__\n    assert found == 'a'\n"
    )


@in_one_test("name", REACHING)
def test_these_builtins_reach_what_is_not_in_the_source_of_the_step(name: str) -> None:
    assert not judge_body(f"found = {name}('a', 'b')\n    assert found == 5")
    assert judge_body("found = ascii('a')\n    assert found == 5")


@in_one_test("value", ["__import__('shop').total", "__builtins__['open']('a')", "__loader__.load_module('shop')"])
def test_a_name_with_underscores_may_reach_the_product(value: str) -> None:
    assert not judge_body(f"assert {value} == 5")


@in_one_test("value", ["__name__", "__doc__", "__debug__"])
def test_a_name_with_underscores_that_holds_a_text_does_not(value: str) -> None:
    assert judge_body(f"assert {value} == 5")


@in_one_test("call", QUESTIONS)
def test_a_step_that_only_asks_is_vacuous(call: str) -> None:
    assert judge_body(call).startswith("line 8: ")


@in_one_test("call", HARMLESS)
def test_a_step_that_only_prints_is_vacuous(call: str) -> None:
    assert judge_body(call) == "it checks nothing"


@in_one_test("call", MAY_CHECK)
def test_a_step_that_may_check_something_in_a_call_is_not(call: str) -> None:
    assert not judge_body(call)


@in_one_test("body", COLLECTING)
def test_an_answer_in_a_collection_that_nothing_reads_is_no_check(body: str) -> None:
    assert judge_body(body) == "line 9: nothing checks `found`"


@in_one_test("body", READ)
def test_an_answer_in_a_collection_that_something_may_read_is(body: str) -> None:
    assert not judge_body(body)


@in_one_test("call", ALWAYS_PASS)
def test_a_check_of_unittest_that_always_passes_is_vacuous(call: str) -> None:
    assert judge_body(f"case.{call}").startswith(f"line 8: `{call.partition('(')[0]}` can never fail: ")


@in_one_test("call", MAY_FAIL)
def test_a_check_of_unittest_that_may_fail_is_not(call: str) -> None:
    assert not judge_body(f"case.{call}")
