"""How faults and errors are told."""

from sim.kernel.fault import in_a_line


def test_an_error_that_says_a_book_is_told_in_a_line_that_somebody_reads():
    told = in_a_line(ValueError("word " * 1_000_000))
    assert told.startswith("ValueError: word word")
    assert told.endswith("...")
    assert len(told) < 1_000
