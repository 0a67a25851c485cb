"""The week: every mechanism, in the order in which it acts, on one page.

1. City and countryside: people come of age, move, arrive, leave and die, and come to belong.
2. Money and staff: what was paid and who is in post decides what offices can do this week.
3. Grid workers look at what is still tolerated before terms end and talks come out.
4. New disputes arise, and everybody whose moment has come decides which way to go.
5. Those who were chosen deal with the cases: mediation, departments, courts, petition offices.
6. People take part in local affairs.
7. Grievance follows from what is open and what was settled; influence spreads what was felt.

A dispute that fails in step 5 decides in the next week's step 4, but with the day of its failure:
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
from sim.mechanisms.place.integration import Integration
from sim.mechanisms.place.migration import Migration
from sim.mechanisms.society.influence import Influence
from sim.mechanisms.society.participation import Participation

WEEK: tuple[type[Mechanism], ...] = (
    Migration,
    Integration,
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
    Migration,
    Integration,
)

BY_NAME: dict[str, type[Mechanism]] = {mechanism.name: mechanism for mechanism in WEEK}
