"""One model file for one state of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot import models, training
from bot.models import current_model
from bot.training import TrainingFailed, _files_for_rasa, train
from tests.bot.conftest import Talk, load_engine
from tests.conftest import ROOT
from understanding.corpus import read_intents
from understanding.model import ACTS

pytestmark = pytest.mark.engine


def test_a_trained_project_is_not_trained_again_and_a_changed_one_is(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "models"
    assert current_model(project, out) is None
    first = train(project, out)
    assert current_model(project, out) == first
    with monkeypatch.context() as forbidden:
        forbidden.setattr(training, "_run", None)
        assert train(project, out) == first
    domain = project / "domain.yml"
    domain.write_text(domain.read_text().replace("已取消。", "取消好了。"))
    assert current_model(project, out) is None
    second = train(project, out)
    assert [path.name for path in out.glob("*.tar.gz")] == [second.name]
    talk = Talk(load_engine(second))
    talk.say("我要投诉")
    assert talk.texts("取消") == ["取消好了。"]


@pytest.mark.parametrize(
    "path",
    [
        *("config.yml", "domain.yml", "data/nlu/nlu.yml", "data/nlu/context/zh.yml", "data/emotion/en.yml"),
        *("data/rules/rules.yml", "data/stories/stories.yml", "packs/sample/examples.zh.yml"),
    ],
)
def test_every_input_counts(project: Path, tmp_path: Path, path: str) -> None:
    before = models.model_path(project, project).name
    (project / path).write_text((project / path).read_text() + "\n# a remark\n")
    assert models.model_path(project, project).name != before


def test_what_a_model_does_not_depend_on_does_not_count(project: Path) -> None:
    before = models.model_path(project, project).name
    (project / "README.md").write_text("x")
    (project / "packs" / "sample" / "notes.txt").write_text("x")
    assert models.model_path(project, project).name == before


def test_a_broken_project_leaves_the_model_that_there_was(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "models"
    out.mkdir()
    (out / "tingsu-old.tar.gz").write_text("old")
    (project / "domain.yml").write_text("intents: [greet\n")
    with pytest.raises(TrainingFailed):
        train(project, out)
    assert [path.name for path in out.glob("*.tar.gz")] == ["tingsu-old.tar.gz"]


def test_contradicting_rules_are_told(project: Path, tmp_path: Path) -> None:
    (project / "data" / "rules" / "more.yml").write_text(
        'version: "3.1"\nrules:\n- rule: other greeting\n  steps: [{intent: greet}, {action: utter_glad}]\n'
    )
    with pytest.raises(TrainingFailed, match="other greeting"):
        train(project, tmp_path / "models")


def test_progress_goes_from_nothing_to_all_and_names_the_steps(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[str, float]] = []
    out = tmp_path / "models"

    def progress(step: str, share: float) -> None:
        print(step)
        told.append((step, share))

    where = Path.cwd()
    train(project, out, progress)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert any("IntentComponent" in step for step, _ in told)
    assert capsys.readouterr().out.splitlines() == [step for step, _ in told]
    assert Path.cwd() == where
    assert not (project / ".rasa").exists()
    train(project, out, progress)
    assert told[-1] == ("unchanged", 1.0)


def test_rasa_is_given_two_turns_of_each_act_that_our_components_know(tmp_path: Path) -> None:
    files = _files_for_rasa(ROOT, tmp_path)
    sample = yaml.safe_load((tmp_path / "nlu.yml").read_text(encoding="utf-8"))["nlu"]
    given = {(line[2:], row["intent"]) for row in sample for line in row["examples"].splitlines()}
    # one sentence that they do not know would have all acts learned a second time, after the others
    known = {(e.text, e.act) for e in read_intents(ROOT / "data") if e.context is None}
    assert given <= known
    assert {act for _, act in given} == set(ACTS)
    assert str(ROOT / "data" / "nlu" / "zh_greet.yml") not in files
    assert any(name.endswith("rules/talk.yml") for name in files)
