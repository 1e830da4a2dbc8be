def after_all(context):
    raise RuntimeError('trap')
