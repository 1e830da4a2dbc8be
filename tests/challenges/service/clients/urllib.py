from urllib.error import HTTPError
from urllib.request import urlopen


def get(context, path):
    try:
        with urlopen(context.url + path) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
