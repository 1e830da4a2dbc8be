def before_step(context, step):
    if step.text:
        step.text = 'yes'

def after_step(context, step):
    if step.text:
        step.text = 'no'
