import pytest

from parvis.hub.sites.rules import DEFAULT_COLOURS, contrast, contrast_faults, nearest_readable


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
    ],
)
def test_contrast_is_that_of_the_norm(first, second, ratio):
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)


def test_the_default_colours_can_be_read():
    assert contrast_faults(**DEFAULT_COLOURS) == {}


def test_a_pale_accent_is_refused_with_the_nearest_that_can_be_read():
    faults = contrast_faults(**{**DEFAULT_COLOURS, "accent": "#7fd0d8"})
    assert set(faults) == {"accent"}
    assert nearest_readable("#7fd0d8", DEFAULT_COLOURS["stone"]) in faults["accent"]


@pytest.mark.parametrize("colour", ["#7fd0d8", "#ffff00", "#cccccc", "#ff0000"])
@pytest.mark.parametrize("background", ["#ffffff", "#f6f3ed", "#101418"])
def test_the_nearest_readable_colour_is_readable(colour, background):
    assert contrast(nearest_readable(colour, background), background) >= 4.5
