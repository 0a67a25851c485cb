"""The week: every mechanism, in the order in which it acts, on one page.

1. What comes from outside comes first: shocks on their day, what jurisdictions do together, the
   water that farmers draw.
2. The place changes: land is let and taken, works are begun, accepted and kept up, people lose and
   find work, services reach them, some move, and belonging follows.
3. Offices get ready: what was paid, who is in post and what they are assessed by decides what they
   can do this week; joint councils and social organisations lend a hand.
4. Grid workers look at what is still tolerated before terms end and talks come out.
5. New disputes arise, and everybody whose moment has come decides which way to go.
6. Those who were chosen deal with the cases: mediation, departments, courts, petition offices.
7. People whom one issue concerns act together if enough of them do, and are answered.
8. People take part in local affairs; the hours that volunteers gave are counted and credited; some
   sit in civic courses; norms are kept or let go.
9. Grievance follows from what is open and what was settled, distress from grievance; influence
   spreads what was felt.

A dispute that fails in step 6 decides in the next week's step 5, but with the day of its failure:
durations do not depend on the step. What a mechanism posts to a flow column is used by the owner
in the same week if the owner comes later, else in the next. So another order moves an effect by a
week and no more: with every pair of neighbours reversed, none of the flows compared moves by a
tenth.
"""

from sim.kernel import Mechanism
from sim.mechanisms.conflict.channels import Channels
from sim.mechanisms.conflict.courts import Courts
from sim.mechanisms.conflict.detection import Detection
from sim.mechanisms.conflict.disputes import Disputes
from sim.mechanisms.conflict.grievance import Grievance
from sim.mechanisms.conflict.mediation import Mediation
from sim.mechanisms.conflict.mobilisation import Mobilisation
from sim.mechanisms.conflict.petitions import Petitions
from sim.mechanisms.government.assessment import Assessment
from sim.mechanisms.government.budget import Budget
from sim.mechanisms.government.coordination import Coordination
from sim.mechanisms.government.metropolitan import Metropolitan
from sim.mechanisms.government.partybuilding import Partybuilding
from sim.mechanisms.government.staffing import Staffing
from sim.mechanisms.place.integration import Integration
from sim.mechanisms.place.labour import Labour
from sim.mechanisms.place.land import Land
from sim.mechanisms.place.migration import Migration
from sim.mechanisms.place.projects import Projects
from sim.mechanisms.place.services import Services
from sim.mechanisms.place.shocks import Shocks
from sim.mechanisms.place.water import Water
from sim.mechanisms.society.education import Education
from sim.mechanisms.society.influence import Influence
from sim.mechanisms.society.norms import Norms
from sim.mechanisms.society.organisations import Organisations
from sim.mechanisms.society.participation import Participation
from sim.mechanisms.society.volunteering import Volunteering
from sim.mechanisms.society.wellbeing import Wellbeing

WEEK: tuple[type[Mechanism], ...] = (
    Shocks,
    Metropolitan,
    Water,
    Land,
    Projects,
    Labour,
    Services,
    Migration,
    Integration,
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
    Mobilisation,
    Participation,
    Volunteering,
    Education,
    Norms,
    Grievance,
    Wellbeing,
    Influence,
)

# World building prepares in this order: influence sets the states that the others centre on, and
# whoever carries a part of a domain's disputes comes before disputes, and belonging settles on who
# is trained.
PREPARED: tuple[type[Mechanism], ...] = (
    Influence,
    Grievance,
    Staffing,
    Budget,
    Metropolitan,
    Water,
    Assessment,
    Land,
    Projects,
    Labour,
    Services,
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
    Mobilisation,
    Shocks,
    Migration,
    Education,
    Integration,
    Norms,
    Wellbeing,
)

BY_NAME: dict[str, type[Mechanism]] = {mechanism.name: mechanism for mechanism in WEEK}
