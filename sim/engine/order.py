"""The week: every mechanism, in the order in which it acts, on one page.

1. Money and people first: what was paid and who is in post decides what offices can do this week.
2. Grid workers look at what is still tolerated before terms end and talks come out.
3. New disputes arise, and everybody whose moment has come decides which way to go.
4. Those who were chosen deal with the cases: mediation, departments, courts, petition offices.
5. People take part in local affairs.
6. Grievance follows from what is open and what was settled; influence spreads what was felt.

A dispute that fails in step 4 decides in the next week's step 3, but with the day of its failure:
durations do not depend on the step. What a mechanism posts to a flow column is used by the owner
in the same week if the owner comes later, else in the next.
"""

from sim.kernel import Mechanism
from sim.mechanisms.conflict.channels import Channels
from sim.mechanisms.conflict.courts import Courts
from sim.mechanisms.conflict.detection import Detection
from sim.mechanisms.conflict.disputes import Disputes
from sim.mechanisms.conflict.grievance import Grievance
from sim.mechanisms.conflict.mediation import Mediation
from sim.mechanisms.conflict.petitions import Petitions
from sim.mechanisms.government.budget import Budget
from sim.mechanisms.government.coordination import Coordination
from sim.mechanisms.government.staffing import Staffing
from sim.mechanisms.society.influence import Influence
from sim.mechanisms.society.participation import Participation

WEEK: tuple[type[Mechanism], ...] = (
    Budget,
    Staffing,
    Detection,
    Disputes,
    Channels,
    Mediation,
    Coordination,
    Courts,
    Petitions,
    Participation,
    Grievance,
    Influence,
)

# World building prepares in this order: influence sets the states that the others centre on.
PREPARED: tuple[type[Mechanism], ...] = (
    Influence,
    Grievance,
    Staffing,
    Budget,
    Participation,
    Detection,
    Disputes,
    Channels,
    Mediation,
    Coordination,
    Courts,
    Petitions,
)

BY_NAME: dict[str, type[Mechanism]] = {mechanism.name: mechanism for mechanism in WEEK}
