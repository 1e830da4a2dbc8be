import nothing
@step('it is elsewhere')
def f(c): pass
