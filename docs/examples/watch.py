"""Watch a city week by week in the browser, and move a lever.

pip install -c constraints.txt -e '.[viz]'
solara run docs/examples/watch.py
"""

from mesa.visualization import Slider, SolaraViz, make_plot_component

import sim

CITY = {"scenario": "jincheng-2020", "scale": 0.005, "time.years": 3, "seed": 1}
MEDIATORS = Slider("Mediators per 10,000 residents", 34.2, 10.0, 100.0, 0.1)

model = sim.GovernanceModel(**CITY)
page = SolaraViz(
    model,
    components=[
        make_plot_component(["late_share", "escalation_share"]),
        make_plot_component(["participation_rate", "trust_community"]),
    ],
    model_params={**CITY, "policies.mediation.staff_per_10k": MEDIATORS},
    name="Shiyu: Jincheng 2020",
)
