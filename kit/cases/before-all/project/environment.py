def before_all(context):
    raise RuntimeError('trap')
