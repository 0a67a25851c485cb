"""The week: every mechanism, in the order in which it acts, on one page.

1. The surroundings: what jurisdictions do together, and the water that farmers draw.
2. Money and people: what was paid, who is in post and what offices are assessed by decide what they
   can do this week.
3. Joint councils match needs with resources, and social organisations come, wake, sleep and go:
   what they give joins what offices do this week.
4. Grid workers look at what is still tolerated before terms end and talks come out.
5. New disputes arise, and everybody whose moment has come decides which way to go.
6. Those who were chosen deal with the cases: mediation, departments, courts, petition offices.
7. People take part in local affairs; the hours that volunteers gave are counted and credited.
8. Grievance follows from what is open and what was settled; influence spreads what was felt.

A dispute that fails in step 6 decides in the next week's step 5, but with the day of its failure:
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
from sim.mechanisms.government.assessment import Assessment
from sim.mechanisms.government.budget import Budget
from sim.mechanisms.government.coordination import Coordination
from sim.mechanisms.government.metropolitan import Metropolitan
from sim.mechanisms.government.partybuilding import Partybuilding
from sim.mechanisms.government.staffing import Staffing
from sim.mechanisms.place.water import Water
from sim.mechanisms.society.influence import Influence
from sim.mechanisms.society.organisations import Organisations
from sim.mechanisms.society.participation import Participation
from sim.mechanisms.society.volunteering import Volunteering

WEEK: tuple[type[Mechanism], ...] = (
    Metropolitan,
    Water,
    Budget,
    Staffing,
    Assessment,
    Partybuilding,
    Organisations,
    Detection,
    Disputes,
    Channels,
    Mediation,
    Coordination,
    Courts,
    Petitions,
    Participation,
    Volunteering,
    Grievance,
    Influence,
)

# World building prepares in this order: influence sets the states that the others centre on.
PREPARED: tuple[type[Mechanism], ...] = (
    Influence,
    Grievance,
    Staffing,
    Budget,
    Metropolitan,
    Water,
    Assessment,
    Participation,
    Partybuilding,
    Organisations,
    Volunteering,
    Detection,
    Disputes,
    Channels,
    Mediation,
    Coordination,
    Courts,
    Petitions,
)

BY_NAME: dict[str, type[Mechanism]] = {mechanism.name: mechanism for mechanism in WEEK}
