import httpx


def get(context, path):
    with httpx.Client(trust_env=False) as client:
        response = client.get(context.url + path)
    return response.status_code, response.text
