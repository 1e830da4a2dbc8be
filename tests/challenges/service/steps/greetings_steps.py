import json

from behave import then

from testing.client import get


@then("a visitor is greeted by name")
def a_visitor_is_greeted(context):
    status, text = get(context, "/hello/Ana")
    assert text == "Hello, Ana!"


@then("an unknown page is not found")
def an_unknown_page(context):
    status, text = get(context, "/nowhere")
    assert status == 404


@then("a greeting is a document with the name")
def a_document(context):
    status, text = get(context, "/greeting/Ana")
    assert json.loads(text)["name"] == "Ana"
