"""Template folders: what cannot be used is refused with the file and the fix."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.adapters.project_file import line_of
from bot.adapters.template_folder import BUILT_IN, TemplateError, load_template, look_over

GOOD = 'version = "2"\n[formats]\nwide = "hd"\n[fields.h]\ncolumn = "Headline"\nrequired = true\n'
PROJECT = '{"type": "video", "duration": 3, "visuals": [{"type": "TEXT", "text": "{{h}}"}]}'
SVG = '{"duration": 3, "visuals": [{"type": "SVG", "svg": "<svg>%s</svg>"}]}'


def folder(home: Path, contract: str = GOOD, project: str = PROJECT) -> Path:
    (home / "contract.toml").write_text(contract)
    (home / "project.json").write_text(project)
    return home


def test_a_folder_becomes_a_template(tmp_path: Path):
    """Version, formats and the contract's resolution are taken over."""
    template = load_template(folder(tmp_path))

    assert template.version == "2"
    assert template.title == tmp_path.name
    assert template.price("wide") == 3
    assert template.projects["wide"]["resolution"] == "hd"


def test_the_built_in_template_costs_nine_credits_in_every_format():
    """Nine seconds, and no format above the area that costs more."""
    template = load_template(BUILT_IN)

    assert {template.price(name) for name in template.contract.formats} == {9}


def test_one_project_for_several_presets(tmp_path: Path):
    """Formats may share a project, have a size of their own, or a project of their own."""
    contract = GOOD.replace(
        'wide = "hd"\n',
        'wide = "hd"\nsquare = "squared"\n'
        'banner = { resolution = "custom", width = 1200, height = 628 }\n'
        'tall = { resolution = "tiktok", project = "tall.json" }\n',
    )
    (tmp_path / "tall.json").write_text(PROJECT.replace("3", "5"))
    projects = load_template(folder(tmp_path, contract)).projects

    assert {name: one["resolution"] for name, one in projects.items()} == {
        "wide": "hd",
        "square": "squared",
        "banner": "custom",
        "tall": "tiktok",
    }
    assert (projects["banner"]["width"], projects["banner"]["height"]) == (1200, 628)
    assert projects["wide"]["visuals"] == projects["square"]["visuals"]
    assert projects["tall"]["duration"] == 5


def test_output_settings(tmp_path: Path):
    """What the contract says about the output stands before the project."""
    output = (
        '[output]\nduration = 4.5\nframe_rate = 25\noutput_format = "webm"\nbackground_color = "#102030"\n'
    )
    template = load_template(folder(tmp_path, GOOD.replace("[formats]", output + "[formats]")))

    wide = template.projects["wide"]
    assert (wide["duration"], wide["frameRate"], wide["outputFormat"]) == (4.5, 25, "webm")
    assert wide["backgroundColor"] == "#102030"
    assert template.price("wide") == 5


def test_the_editor_s_variables(tmp_path: Path):
    """A project is used as the editor exports it: its variables fill what no column does, and no row's are shown."""
    project = '{"duration": 3, "variables": {"h": "Sample", "brand": "Acme"}, "visuals": [{"type": "TEXT", "text": "{{h}} by {{brand}}"}]}'
    template = load_template(folder(tmp_path, GOOD, project))

    assert template.constants == ("brand",)
    assert template.projects["wide"]["variables"]["brand"] == "Acme"


def test_flaws_are_listed_all_at_once(tmp_path: Path):
    """Who lists them gets all of a folder that cannot be used."""
    project = '{"duration": 3, "visuals": [{"type": "SVG", "svg": "<g/>"}, {"type": "SVG", "svg": "<svg><b/></svg>"}, {"x": "{{y}}"}]}'
    template, problems = look_over(folder(tmp_path, GOOD, project))

    assert template is not None
    assert len(template.flaws) == 2
    assert len(problems) == 2
    with pytest.raises(TemplateError, match=r"no field fills \{\{y\}\}"):
        load_template(tmp_path)


@pytest.mark.parametrize(
    ("contract", "project", "words"),
    [
        (GOOD.replace("version", "verson"), PROJECT, "contract.toml: version is missing; add it."),
        (GOOD.replace("[formats]", 'nam = "x"\n[formats]'), PROJECT, "nam is no key of a contract; did you mean name?"),
        (GOOD + "colour = 1\n", PROJECT, "fields.h.colour is no key of a contract; did you mean column?"),
        (GOOD + "qqqq = 1\n", PROJECT, "fields.h.qqqq is no key of a contract; remove it."),
        (GOOD.replace("[formats]", "[output]\nfps = 30\n[formats]"), PROJECT, "output.fps is no key of a contract"),
        (GOOD.replace("[formats]", "[output]\nframe_rate = 90\n[formats]"), PROJECT, "output.frame_rate: Input should be less"),
        (GOOD + "max_chars = 0\n", PROJECT, "fields.h.max_chars"),
        (GOOD + "per_format = { tall = 3 }\n", PROJECT, 'limits the unknown format "tall"'),
        (GOOD + 'type = "number"\nfallback = "many"\n', PROJECT, "breaks its own rule"),
        (GOOD + 'max_chars = 3\nfallback = "many"\n', PROJECT, "breaks its own rule"),
        (GOOD + 'type = "bool"\nfallback = "TRUE"\n', PROJECT, "is a box"),
        (GOOD + 'type = "choice"\n', PROJECT, "is a choice without choices"),
        (GOOD + 'type = "image"\nfallback = "logo.png"\n', PROJECT, "should be a link to a picture"),
        (GOOD.replace("Headline", "status"), PROJECT, 'cannot use "status", a column with a meaning'),
        (GOOD + '[fields.i]\ncolumn = "HEAD-LINE"\n', PROJECT, 'two fields use the column "HEAD-LINE"'),
        (GOOD + '[fields.row_id]\ncolumn = "X"\n', PROJECT, "has a name the robot fills itself"),
        (GOOD.replace("[formats]", 'name = "{h"\n[formats]'), PROJECT, "name has a brace that belongs to no field"),
        (GOOD.replace("[formats]", 'name = "{z}"\n[formats]'), PROJECT, "no field fills {{z}}. Add [fields.z]"),
        (GOOD.replace('"hd"', '{ resolution = "hd", width = 9 }'), PROJECT, "[formats.wide] has a size of its own"),
        (GOOD.replace('"hd"', '"imax"'), PROJECT, "resolution must be a preset of the service"),
        (GOOD.replace('"hd"', '{ resolution = "hd", project = "../x.json" }'), PROJECT, "../x.json is outside the template's folder"),
        (GOOD.replace('"hd"', '{ resolution = "hd", project = "none.json" }'), PROJECT, "none.json is missing"),
        (
            GOOD.replace("[formats]", "[output]\nduration = 4\n[formats]"),
            '{"scenes": [{"duration": 3}]}',
            "output.duration has no effect on project.json",
        ),
        ("version = ", PROJECT, "contract.toml cannot be parsed"),
        ("x = " + "[" * 5_000, PROJECT, "contract.toml cannot be parsed"),
        ("#" * 1_000_001, PROJECT, "contract.toml is too large"),
        (GOOD, "[]", "the outermost thing must be an object"),
        (GOOD, "{" * 50, "is no JSON"),
        (GOOD, PROJECT.replace("{{h}}", "{{x}}"), "no field fills {{x}}. Add [fields.x]"),
        (GOOD, PROJECT.replace("TEXT", "BLOB"), "visuals[0].type must be one of: IMAGE, GIF, VIDEO, SVG, TEXT"),
        (GOOD, PROJECT.replace('"duration"', '"length"'), "length is no key the service knows here; remove it"),
        (GOOD, SVG % "<script>{{h}}</script>", "visuals[0].svg: must not contain <script>"),
        (GOOD, SVG % "<style>{{h}}</style>", "visuals[0].svg: has a placeholder inside <style>"),
        (GOOD, SVG % "<g onload='{{h}}'/>", "visuals[0].svg: must not contain the event attribute onload"),
        (GOOD, SVG % "<rect fill='{{h}}'/>", "{{h}} stands where only a colour, a number"),
        (GOOD, SVG % "<g>", "is no well-formed SVG"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, contract: str, project: str, words: str):
    """One sentence names the place and what is wrong there."""
    with pytest.raises(TemplateError, match=re.escape(words)) as raised:
        load_template(folder(tmp_path, contract, project))

    assert str(tmp_path) in str(raised.value)


def test_a_link_that_leads_out_of_the_folder(tmp_path: Path):
    """Neither does a link in the folder: the template would change with somebody else's file."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "other.json").write_text(PROJECT)
    (tmp_path / "shop" / "project.json").symlink_to(tmp_path / "other.json")
    (tmp_path / "shop" / "contract.toml").write_text(GOOD)

    with pytest.raises(TemplateError, match=r"project\.json is outside the template's folder"):
        load_template(tmp_path / "shop")


def test_no_folder(tmp_path: Path):
    """A folder without a contract, and a contract nobody can read."""
    with pytest.raises(TemplateError, match="is no template folder"):
        load_template(tmp_path)
    (tmp_path / "contract.toml").mkdir()
    with pytest.raises(TemplateError, match=r"contract\.toml cannot be read"):
        load_template(tmp_path)


def test_everything_that_is_wrong_is_listed(tmp_path: Path):
    """Keys, names, fallbacks and files, each once: not only the first."""
    contract = GOOD + (
        'per_format = { tall = 3 }\n[fields.count]\ncolumn = "Status"\n'
        '[fields.n]\ncolumn = "N"\ntype = "number"\nfallback = "many"\n'
    )
    template, problems = look_over(
        folder(
            tmp_path, contract.replace('wide = "hd"', 'wide = "hd"\nb = {resolution="hd", project="b.json"}')
        )
    )
    unread, keys = look_over(
        folder(tmp_path, contract.replace("version", "verson").replace("column", "colum"))
    )

    assert template is None
    assert [words.partition(": ")[2].split(" ")[0] for words in problems] == [
        "[fields.h]",
        "[fields.count]",
        "the",
        "",
    ]
    assert problems[-1].endswith("b.json is missing; contract.toml names it.")
    assert unread is None
    assert [words.rpartition(": ")[2].split(" ")[0] for words in keys][:2] == ["version", "fields.h.column"]
    assert len(keys) == 8


def test_flaws_of_the_project_are_told_with_their_line(tmp_path: Path):
    """Unfilled placeholders and what stands in the wrong place, in the file and line they are in."""
    project = """{
      "type": "video", "duration": 3,
      "visuals": [
        {"type": "TEXT", "text": "{{h}} {{who}}"},
        {"type": "IMAGE",
         "src": "{{h}}"}
      ]
    }"""
    template, problems = look_over(folder(tmp_path, GOOD, project))

    assert template is not None
    assert problems[0] == f"{tmp_path}: no field fills {{{{who}}}}. Add [fields.who] to contract.toml."
    assert problems[1].startswith(
        f"{tmp_path / 'project.json'}, line 6: visuals[1].src: {{{{h}}}} is a whole address"
    )
    with pytest.raises(TemplateError, match=r"\. And 1 more: rowreel template check"):
        load_template(tmp_path)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("a", 2),
        ("b[0]", 4),
        ("b[1].c", 6),
        ("b[2]", None),
        ("d", None),
        ("b[1].c.e", None),
        ("the project", None),
        ("", 1),
    ],
)
def test_line_of_a_place(place: str, line: int | None):
    """By its path; none where the path leads nowhere."""
    text = '{\n"a": "x,\\"}",\n"b": [\n1,\n{"f": [3, {}],\n"c": 2}]\n}'

    assert line_of(text, place) == line
