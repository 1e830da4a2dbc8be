import requests


def get(context, path):
    response = requests.get(context.url + path, timeout=10)
    return response.status_code, response.text
