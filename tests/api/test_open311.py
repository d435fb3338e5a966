"""GeoReport v2: what a client of others reads and files, what is public, errors in the specification's form."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.open311.routes import PREFIX, Openness, routes
from casework.clients.model import Scope
from casework.tickets.states import Role
from tests.api.conftest import Api, on_sqlite
from tests.api.serving import served

CODE = "GOV-ATT-03"
FORM = {
    "service_code": CODE,
    "description": "3号窗口一直没人，排队两个小时",
    "address_string": "政务大厅一楼",
    "phone": "13812345678",
    "attribute[window_or_staff]": "3号窗口",
}
RESULT = {"finding": "王芳当天离岗", "remedy": "已道歉", "basis": "服务规范第3条"}


@dataclass
class City:
    """An endpoint, and a token that may file, act and read."""

    api: Api
    app: Starlette
    http: TestClient
    key: str

    def get(self, path: str, **query: str) -> Any:
        return self.http.get(f"{PREFIX}/{path}", params=query)

    def post(self, path: str = "requests.json", key: str | None = None, **form: str) -> Any:
        return self.http.post(f"{PREFIX}/{path}", data={"api_key": self.key if key is None else key, **form})

    def file(self, **more: str) -> str:
        filed = self.post(**{**FORM, **more})
        assert filed.status_code == 201, filed.text
        return str(filed.json()[0]["service_request_id"])


Opened = Callable[..., City]


@pytest.fixture
def opened(api: Api) -> Opened:
    def make(show: Literal["keyed", "public", "words"] = "public", jurisdiction: str = "") -> City:
        openness = Openness(show=show, jurisdiction=jurisdiction, url="https://town.test")
        app = Starlette(routes=routes(api.services, openness))
        key = api.token("city", Role.LEAD, [Scope.FILE, Scope.ACT, Scope.READ])
        return City(api, app, TestClient(app), key)

    return make


@pytest.mark.peer
@pytest.mark.parametrize("form", ["json", "xml"])
@on_sqlite
def test_a_client_of_others_reads_services_and_requests(opened: Opened, peer_python: Path, form: str) -> None:
    city = opened()
    number, other = city.file(), city.file(description="4号窗口也没人")
    script = Path(__file__).parent / "peers" / "georeport_client.py"
    with served(city.app) as url:
        command = [str(peer_python), str(script), url + PREFIX, form, city.key, CODE, number]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    codes = [service["service_code"] for service in read["services"]]
    assert codes == list(city.api.house.packs.codes)
    assert read["definition"]["service_code"] == CODE
    assert {request["service_request_id"] for request in read["requests"]} == {number, other}
    request = read["request"][0] if isinstance(read["request"], list) else read["request"]
    assert (request["service_request_id"], request["status"]) == (number, "open")


def test_a_request_is_filed_as_a_ticket(opened: Opened) -> None:
    city = opened()
    filed = city.post(**FORM)
    assert filed.status_code == 201, filed.text
    (told,) = filed.json()
    assert "政务中心督查科" in told["service_notice"]
    with city.api.store.reading() as work:
        ticket = work.tickets.by_number(told["service_request_id"])
        assert ticket is not None
        assert work.tickets.identities(ticket.complainant_id)[0].startswith("open311:")
    assert ticket.details["contact"].text == "13812345678"
    assert ticket.phone_tail == "5678"
    assert ticket.details["window_or_staff"].text == "3号窗口"
    (shown,) = city.get(f"requests/{ticket.number}.json").json()
    assert shown["expected_datetime"] == "2026-11-27T10:00:00Z"
    assert city.get(f"tokens/{ticket.number}.json").json() == [
        {"service_request_id": ticket.number, "token": ticket.number}
    ]


@on_sqlite
def test_a_photo_named_by_address_is_fetched_in_the_background_by_who_guards_it(opened: Opened) -> None:
    city = opened()
    number = city.file(media_url="http://169.254.169.254/photo.jpg")
    with city.api.store.reading() as work:
        ticket = work.tickets.by_number(number)
        assert ticket is not None
        (row,) = work.media.of_ticket(ticket.id)
    assert (row.state.value, row.media.url) == ("pending", "http://169.254.169.254/photo.jpg")


def test_what_people_wrote_is_public_only_where_the_organisation_says_so(opened: Opened) -> None:
    city = opened("public")
    number = city.file()
    for action, given in (("accept", {}), ("sign", {}), ("resolve", RESULT)):
        city.api.act(number, action, city.key, given)
    for path in ("requests.json", f"requests/{number}.json", "requests.xml", "servicerequestupdates.json"):
        answer = city.get(path)
        assert answer.status_code == 200, answer.text
        assert number in answer.text
        for private in ("窗口", "13812345678", "一楼", "王芳"):
            assert private not in answer.text
    city.http = TestClient(Starlette(routes=routes(city.api.services, Openness(show="words"))))
    shown = city.get(f"requests/{number}.json").json()[0]
    assert shown["description"] == FORM["description"]
    assert "13812345678" not in city.get("requests.json").text
    assert "王芳" in city.get("servicerequestupdates.json").text


@on_sqlite
def test_without_a_key_nothing_of_cases_is_shown_unless_the_organisation_says_so(opened: Opened) -> None:
    city = opened("keyed")
    number = city.file()
    for path in (
        "requests.json",
        f"requests/{number}.json",
        f"tokens/{number}.json",
        "servicerequestupdates.json",
    ):
        assert city.get(path).status_code == 403
        assert number in city.get(path, api_key=city.key).text
    assert city.get("services.json").status_code == 200


@on_sqlite
def test_a_report_of_wrongdoing_is_never_listed(opened: Opened) -> None:
    city = opened("words")
    packs = city.api.house.packs
    code = next(code for code in packs.codes if packs.category(code).nature == "report")
    filed = city.post(service_code=code, description="有人收了钱")
    number = filed.json()[0]["service_request_id"]
    assert city.get("requests.json").json() == []
    assert city.get(f"requests/{number}.json").status_code == 404
    assert city.get("servicerequestupdates.json").json() == []


def test_requests_are_filtered(opened: Opened) -> None:
    city = opened()
    first = city.file()
    city.api.now += timedelta(days=10)
    second = city.file(service_code="GOV-ATT-01")
    later = (city.api.now - timedelta(days=1)).isoformat().replace("+00:00", "Z")

    def found(**query: str) -> list[str]:
        return [request["service_request_id"] for request in city.get("requests.json", **query).json()]

    assert found() == [second, first]
    assert found(service_code=CODE) == [first]
    assert found(service_request_id=f"{first},{second}") == [second, first]
    assert found(start_date=later) == [second]
    assert found(end_date=later) == [first]
    assert found(status="closed") == []
    assert found(status="open,closed") == [second, first]
    wide = city.get("requests.json", start_date="2026-01-01T00:00:00Z", end_date="2026-11-01T00:00:00Z")
    assert (wide.status_code, wide.json()[0]["code"]) == (400, 400)
    assert "90 days" in wide.json()[0]["description"]


def test_updates_go_both_ways(opened: Opened) -> None:
    city = opened()
    number = city.file()
    city.api.now += timedelta(hours=1)
    city.api.act(number, "accept", city.key)
    made = city.post("servicerequestupdates.json", service_request_id=number, description="现在还是没人")
    assert made.status_code == 201, made.text
    assert made.json()[0]["update_id"] > 0
    seen = city.get("servicerequestupdates.json").json()
    assert [(u["service_request_id"], u["status"]) for u in seen] == [(number, "open")] * 3
    assert seen[-1]["description"] == city.api.house.states["assigned"].zh
    later = (city.api.now + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert city.get("servicerequestupdates.json", start_date=later, end_date=later).json() == []


@pytest.mark.parametrize(
    ("form", "code", "words"),
    [
        ({"service_code": ""}, 400, "service_code was not provided"),
        ({"service_code": "X-1"}, 404, "service_code X-1 was not found"),
        ({"description": "", "address_string": ""}, 400, "description was not provided"),
        ({"attribute[shoe]": "43"}, 400, "has no attribute shoe; it has"),
        ({"lat": "95", "long": "1", "address_string": ""}, 400, "lat and long"),
        ({"api_key": "wrong"}, 403, "unknown or revoked"),
        ({"jurisdiction_id": "elsewhere"}, 404, "jurisdiction_id elsewhere was not found"),
    ],
)
@on_sqlite
def test_errors_are_told_as_the_specification_says(
    opened: Opened, form: dict[str, str], code: int, words: str
) -> None:
    city = opened(jurisdiction="town.test")
    told = city.post(**{**FORM, **form})
    assert (told.status_code, told.json()[0]["code"]) == (code, code)
    assert words in told.json()[0]["description"]
    xml = ElementTree.fromstring(city.post("requests.xml", **{**FORM, **form}).text)
    assert (xml.tag, xml.findtext("error/code")) == ("errors", str(code))


@on_sqlite
def test_xml_has_the_names_of_the_specification(opened: Opened) -> None:
    city = opened()
    number = city.file(description="坏了\x0b<b>&")
    read = {path: ElementTree.fromstring(city.get(f"{path}.xml").text) for path in
            ("discovery", "services", f"services/{CODE}", f"requests/{number}", "servicerequestupdates")}  # fmt: skip
    assert read["discovery"].findtext("endpoints/endpoint/url") == f"https://town.test{PREFIX}"
    assert read["discovery"].findtext("endpoints/endpoint/formats/format") == "text/xml"
    service = read["services"].find("service")
    assert service is not None
    assert [each.tag for each in service] == [
        "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
    ]  # fmt: skip
    assert service.findtext("metadata") == "true"
    assert read[f"services/{CODE}"].find("attributes/attribute/datatype") is not None
    assert read[f"requests/{number}"].findtext("request/service_request_id") == number
    assert read["servicerequestupdates"].find("request_update/update_id") is not None
    assert city.get("nothing.xml").status_code == 404
