def after_feature(context, item):
    assert 'rap' not in item.name
