import shutil
import tempfile


def before_scenario(context, scenario):
    folder = tempfile.mkdtemp()
    context.add_cleanup(shutil.rmtree, folder)


def after_scenario(context, scenario):
    assert context.basket.prices
