import subprocess
import sys


def before_scenario(context, scenario):
    context.server = subprocess.Popen([sys.executable, "-m", "greetings.server"], stdout=subprocess.PIPE, text=True)
    context.url = f"http://127.0.0.1:{int(context.server.stdout.readline())}"


def after_scenario(context, scenario):
    context.server.kill()
    context.server.wait()
    context.server.stdout.close()
