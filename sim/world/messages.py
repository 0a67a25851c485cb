"""What mechanisms hand to one another beside columns: rows of common tables, and lists of people.

Whoever leaves such a thing names it under `adds`, whoever takes it under `reads`; disputes go both
ways and stand under `adds` alone.
"""

TRANSITIONS = "disputes.transitions"  # whoever handles disputes hands them over

MESSAGES = {
    TRANSITIONS: "disputes that change hands",
    "issues.opened": "matters that concern many people at once, as whoever causes them posts them",
    "issues.ended": "how an issue ended, for its cause to know",
    "exposed.rows": "people who for a time can have more disputes of one kind",
    "waits.days": "days that cases stayed with an office, from which people know its waits",
    "lists.dismissed": "who loses work at once, with the day",
    "lists.moved": "who moved or came, and had work",
    "lists.tie_drops": "who leaves acquaintances behind",
    "lists.parents": "who came of age, beside a parent",
    "lists.resettled": "who moved away, back home, or was granted registration",
    "lists.granted": "who is granted local registration",
}
