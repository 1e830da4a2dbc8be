def before_scenario(context, scenario):
    scenario.steps[0].name = 'it works'
