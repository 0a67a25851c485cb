"""The columns of people that say where they live, where they are registered, and how long."""

from sim.kernel import Column

IN_SIGHT = 1e9  # the day on which those left home whose kin and friends there the graph shows

COLUMNS: dict[str, Column] = {
    "people.unit": Column("row", 0, 2e9, "village or grid where somebody lives", 0, "i4"),
    "people.division": Column("row", 0, 127, "division of residence", 0, "i1"),
    "people.kind": Column("row", 0, 2, "kind of place: urban, town, rural", 0, "i1"),
    "people.registration": Column("row", 0, 2, "class of registration", 0, "i1"),
    "people.cell": Column("row", 0, 32767, "division x kind x registration", 0, "i2"),
    "people.household": Column("number", 0, 2e9, "who lives together", 0, "i4"),
    "people.alive": Column("yes or no", 0, 1, "is here", 1, "?"),
    "people.weight": Column("adults", 0, 1e9, "how many adults a person stands for"),
    "people.residents": Column("residents", 0, 1e9, "residents a person stands for"),
    "people.age": Column("years", 18, 200, "age in whole years", 18, "i2"),
    "people.age_band": Column("row", 0, 2, "18 to 34, 35 to 59, 60 and older", 0, "i1"),
    "people.home_division": Column("row", -1, 127, "division of registration", -1, "i1"),
    "people.home_kind": Column("row", -1, 2, "kind of place of registration", -1, "i1"),
    "people.home_registration": Column("row", 0, 2, "class at home; 2: outside", 2, "i1"),
    "people.moved_at": Column("day", -1e6, 1e6, "when somebody came to live here", -1e5),
    "people.left_home_at": Column(
        "day", -1e6, IN_SIGHT, "since when kin and friends at home are not in the graph", IN_SIGHT
    ),
    "people.moves": Column("moves", 0, 30000, "how often somebody has moved", 0, "i2"),
    "people.own_day": Column("day of the year", 0, 366, "birthday; reviews half a year on"),
    "people.dies_at": Column("day", -1e6, 1e9, "when this life ends", 1e9),
    "units.present": Column("persons", 0, 1e9, "simulated adults who live here", 0, "i4"),
}
