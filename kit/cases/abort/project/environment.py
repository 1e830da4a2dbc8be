def before_feature(context, feature):
    if feature.name == 'Trap':
        context.abort()
