def after_scenario(context, scenario):
    if "amount" in context:
        try:
            assert context.paid == context.amount
        except AssertionError as error:
            print(error)
