# mypy: ignore-errors
"""Reads an Open311 endpoint with the package ``georeport``; runs in the peers' interpreter.

Arguments: address, format, key, a service code, then the number of a request or ``-``. Prints what it read as JSON.
"""

import json
import sys

from georeport import GeoReport

url, form, key, code, number = sys.argv[1:]
client = GeoReport(url, jurisdiction="town.test", api_key=key, output_format=form)
print(
    json.dumps(
        {
            "services": client.get_service_list(),
            "definition": client.get_service_definition(code),
            "requests": client.get_service_requests(service_code=code, status="open"),
            "request": client.get_service_request(number),
        }
    )
)
