def before_feature(context, item):
    assert 'rap' not in item.name
