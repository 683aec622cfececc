"""Python requests with its default headers: URL KEY SENT RECEIVED, as in main.rs."""

import sys

import requests

url, key, sent, received = sys.argv[1:]
with open(sent, "rb") as document:
    answer = requests.post(url, data=document, headers={"Authorization": f"Bearer {key}"})
with open(received, "wb") as out:
    out.write(answer.content)
print(answer.status_code, answer.headers["Content-Type"])
