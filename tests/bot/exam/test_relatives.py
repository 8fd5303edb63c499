"""Words of like meaning, from the model's own table."""

from bot.evaluation.exam_wording import relatives


def test_a_word_has_relatives_that_are_not_its_own_forms():
    near = relatives("pictures")
    assert "images" in near or "image" in near or "photos" in near
    assert not any(word.startswith("pict") for word in near)


def test_what_is_no_word_has_none():
    assert relatives("qwzxv") == ()
