"""The policy levers: name, unit, range, the mechanism that obeys each, and its meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Lever:
    """One lever, by its dotted name.

    A `whole` lever takes whole numbers; one with `choices` takes one of those words, which the
    model knows by its position in the list. `short` is what it is called in tables and figures.
    """

    name: str
    unit: str
    low: float
    high: float
    mechanism: str
    meaning: Mapping[str, str]
    whole: bool = False
    choices: tuple[str, ...] = ()

    @property
    def short(self) -> Mapping[str, str]:
        """A few words for it, by language; what only a user's mechanism knows has its name."""
        words = _SHORT.get(self.name, (self.name, self.name))
        return dict(zip(("en", "zh"), words, strict=True))


# fmt: off
_TABLE = (
    Lever("grid.subsidy_yuan_per_year", "yuan a grid a year", 0, 200_000, "detection",
          {"en": "Pay that a grid worker gets on top of the base salary",
           "zh": "网格员在基本工资之外的网格补贴"}),
    Lever("grid.workers_per_grid", "workers a grid", 0.1, 10, "detection",
          {"en": "Grid workers who share one grid of about 300 households",
           "zh": "每个网格（约三百户）配备的网格员人数"}),
    Lever("grid.paperwork_share", "share", 0, 0.9, "detection",
          {"en": "Share of a grid worker's time that forms and reports take",
           "zh": "网格员花在填表和报送上的时间比例"}),
    Lever("grid.screening", "domain", 0, 15, "detection",
          {"en": "Domain of disputes that grid workers screen for, 60 days from the day it is set",
           "zh": "网格员集中排查的纠纷领域，自设定之日起六十天"},
          choices=("none", "neighbour", "family", "debt", "damage", "traffic", "labour", "land",
                   "land_acquisition", "housing", "property", "consumer", "medical", "tourism",
                   "environment", "water")),
    Lever("mediation.staff_per_10k", "persons per 10,000 residents", 0, 1000, "mediation",
          {"en": "People's mediators in post, part-timers counted as persons",
           "zh": "每万常住人口的在岗人民调解员人数（兼职按人计）"}),
    Lever("mediation.full_time_share", "share", 0, 1, "mediation",
          {"en": "Share of mediators who work full time", "zh": "专职调解员所占比例"}),
    Lever("mediation.pay_yuan_per_month", "yuan a month", 500, 30_000, "mediation",
          {"en": "Pay of a full-time mediator", "zh": "专职调解员的月薪"}),
    Lever("mediation.training_hours_per_year", "hours a mediator a year", 0, 200, "mediation",
          {"en": "Training that a mediator gets", "zh": "每名调解员每年的培训学时"}),
    Lever("mediation.judicial_confirmation_share", "share", 0, 1, "mediation",
          {"en": "Share of agreements that a court confirms", "zh": "经司法确认的调解协议比例"}),
    Lever("mediation.specialised_rooms", "rooms in the city", 0, 500, "mediation",
          {"en": "Specialised mediation rooms at county and city level",
           "zh": "市县两级专业调解室的数量"}),
    Lever("courts.judges_per_100k", "judges per 100,000 residents", 0.1, 100, "courts",
          {"en": "Judges who hear cases", "zh": "每十万常住人口的员额法官人数"}),
    Lever("courts.prelitigation_share", "share", 0, 1, "courts",
          {"en": "Share of civil matters at the court's door that are mediated first",
           "zh": "民事纠纷先行诉前调解的比例"}),
    Lever("coordination.data_sharing", "share", 0, 1, "coordination",
          {"en": "How far departments see each other's records", "zh": "部门之间数据共享的程度"}),
    Lever("coordination.whistle", "share", 0, 1, "coordination",
          {"en": "How far a township may summon departments when it whistles",
           "zh": "乡镇吹哨部门报到的落实程度"}),
    Lever("coordination.power_list", "share", 0, 1, "coordination",
          {"en": "How far lists of powers and duties settle who is in charge",
           "zh": "权责清单厘清职责的程度"}),
    Lever("petitions.response_days", "days", 1, 180, "petitions",
          {"en": "Days that an office has to answer a petition", "zh": "信访事项的答复期限"}),
    Lever("assessment.weights.resolution", "weight", 0, 20, "assessment",
          {"en": "Weight of solved cases in the assessment of offices",
           "zh": "考核中化解率的权重"}),
    Lever("assessment.weights.petition_count", "weight", 0, 20, "petitions",
          {"en": "Weight of a low number of petitions in the assessment of offices",
           "zh": "考核中信访量的权重"}),
    Lever("assessment.weights.public_satisfaction", "weight", 0, 20, "assessment",
          {"en": "Weight of what the public says in the assessment of offices",
           "zh": "考核中群众满意度的权重"}),
    Lever("assessment.weights.paperwork", "weight", 0, 20, "assessment",
          {"en": "Weight of records and reports in the assessment of offices",
           "zh": "考核中台账材料的权重"}),
    Lever("assessment.campaign", "0 or 1", 0, 1, "assessment",
          {"en": "Whether a campaign with inspections is on",
           "zh": "是否处于专项行动和督查期"}, whole=True),
    Lever("deliberation.meetings_per_year", "meetings a unit a year", 0, 52, "participation",
          {"en": "Deliberation meetings that a village or community holds",
           "zh": "每个村或社区每年的议事协商次数"}),
    Lever("deliberation.adoption_share", "share", 0, 1, "participation",
          {"en": "Share of deliberated results that are carried out",
           "zh": "协商结果被采纳落实的比例"}),
    Lever("participation.public_share", "share", 0, 1, "participation",
          {"en": "How far residents take part in decisions that are now taken for them",
           "zh": "公众参与决策的程度"}),
    Lever("participation.youth_channel", "share", 0, 1, "participation",
          {"en": "How far young people have a channel of their own",
           "zh": "青年参与渠道的畅通程度"}),
    Lever("participation.online_platform", "share", 0, 1, "participation",
          {"en": "How far matters can be raised and answered online",
           "zh": "网上反映和回应平台的覆盖程度"}),
    Lever("volunteering.time_bank", "share", 0, 1, "volunteering",
          {"en": "Share of service hours credited by a time bank",
           "zh": "时间银行记入的服务时长比例"}),
    Lever("volunteering.report_to_community_share", "share", 0, 1, "volunteering",
          {"en": "Share of serving members who report to their community and do hours",
           "zh": "在职党员到社区报到并服务的比例"}),
    Lever("volunteering.mediation_share", "share of hours", 0, 0.5, "volunteering",
          {"en": "Share of volunteers' hours that goes to mediation",
           "zh": "志愿服务时长中用于调解的比例"}),
    Lever("organisations.purchase_yuan_per_10k", "yuan per 10,000 residents a year", 0, 10_000_000,
          "organisations",
          {"en": "Public purchase of services from social organisations",
           "zh": "政府购买社会组织服务的投入"}),
    Lever("organisations.incubator", "share", 0, 1, "organisations",
          {"en": "How far incubators for social organisations cover the townships",
           "zh": "社会组织孵化基地覆盖乡镇的程度"}),
    Lever("partybuilding.coverage", "share", 0, 1, "partybuilding",
          {"en": "Share of units with a joint council", "zh": "建立党建联席会议的村（社区）比例"}),
    Lever("partybuilding.formality", "share", 0, 1, "partybuilding",
          {"en": "Share of agreements with no project behind them",
           "zh": "签约而无项目的共建协议比例"}),
    Lever("services.equalisation", "share", 0, 1, "services",
          {"en": "Share of the gap in services between residents and migrants that is closed",
           "zh": "公共服务均等化弥合差距的比例"}),
    Lever("services.points_quota_per_year", "adults a year in the city", 0, 1_000_000, "services",
          {"en": "Adults granted local registration by points", "zh": "每年积分落户的成人名额"}),
    Lever("education.seats_per_10k", "seats per 10,000 residents a year", 0, 10_000, "education",
          {"en": "Seats in civic courses of adult colleges", "zh": "成人学校公民课程的学位"}),
    Lever("wellbeing.counsellors_per_10k", "full-time posts per 10,000 residents", 0, 100,
          "wellbeing",
          {"en": "Counsellors in community service", "zh": "每万人的心理辅导人员"}),
    Lever("norms.compact", "share", 0, 1, "norms",
          {"en": "Share of units with a living residents' compact",
           "zh": "村规民约真正起作用的村（社区）比例"}),
    Lever("norms.exemplars_per_100", "persons per 100 adults", 0, 10, "norms",
          {"en": "Residents honoured as good examples",
           "zh": "每百名成年人中受表彰的道德模范和先进人物"}),
    Lever("projects.consultation_share", "share", 0, 1, "projects",
          {"en": "Share of proposed works on which residents are consulted",
           "zh": "事前征求居民意见的工程比例"}),
    Lever("projects.acceptance_effort", "factor", 0.1, 10, "projects",
          {"en": "Effort that departments put into clearing works for acceptance",
           "zh": "部门办理工程验收的力度"}),
    Lever("projects.maintenance_share", "share of replacement value a year", 0, 0.5, "projects",
          {"en": "Money for keeping works up", "zh": "每年用于管护的资金占重置价值的比例"}),
    Lever("land.compensation_ratio", "paid over standard", 0, 5, "land",
          {"en": "What farmers are paid for acquired land against the standard",
           "zh": "征地补偿实付与标准之比"}),
    Lever("labour.mode", "mode", 0, 2, "labour",
          {"en": "Who leads development",
           "zh": "地方发展模式"}, choices=("mixed", "collective", "private")),
    Lever("water.drip_subsidy_share", "share", 0, 1, "water",
          {"en": "Share of the cost of drip irrigation that is subsidised",
           "zh": "滴灌投入的补贴比例"}),
    Lever("water.monitoring", "share", 0, 1, "water",
          {"en": "Share of wells metered and held to a quota", "zh": "计量并执行定额的机井比例"}),
    Lever("metropolitan.form", "form", 0, 3, "metropolitan",
          {"en": "How the jurisdictions of the region are organised",
           "zh": "都市区治理的组织形式"},
          choices=("fragmented", "association", "council", "unified")),
    Lever("metropolitan.compensation", "share", 0, 1, "metropolitan",
          {"en": "Share of outside benefits that others pay for",
           "zh": "外溢收益得到补偿的比例"}),
    Lever("metropolitan.provincial_lead", "share", 0, 1, "metropolitan",
          {"en": "How far the province leads the setting up of a new form",
           "zh": "省级牵头筹建新组织形式的程度"}),
    Lever("response.policy", "answer", 0, 4, "mobilisation",
          {"en": "How offices answer joint action",
           "zh": "政府对集体行动的回应方式"},
          choices=("mixed", "ignore", "dialogue", "concede", "control")),
)

_SHORT = {
    "grid.subsidy_yuan_per_year": ("Grid subsidy", "网格补贴"),
    "grid.workers_per_grid": ("Workers a grid", "每网格人数"),
    "grid.paperwork_share": ("Paperwork of grid workers", "网格员填表时间"),
    "grid.screening": ("Screening by grid workers", "网格集中排查"),
    "mediation.staff_per_10k": ("Mediators in post", "在岗调解员"),
    "mediation.full_time_share": ("Full-time mediators", "专职调解员比例"),
    "mediation.pay_yuan_per_month": ("Pay of mediators", "调解员月薪"),
    "mediation.training_hours_per_year": ("Training of mediators", "调解员培训"),
    "mediation.judicial_confirmation_share": ("Confirmed by a court", "司法确认"),
    "mediation.specialised_rooms": ("Specialised rooms", "专业调解室"),
    "courts.judges_per_100k": ("Judges", "员额法官"),
    "courts.prelitigation_share": ("Mediated before court", "诉前调解"),
    "coordination.data_sharing": ("Data sharing", "数据共享"),
    "coordination.whistle": ("Whistle", "吹哨报到"),
    "coordination.power_list": ("Lists of powers", "权责清单"),
    "petitions.response_days": ("Days to answer petitions", "信访答复期限"),
    "assessment.weights.resolution": ("Weight of solved cases", "化解率权重"),
    "assessment.weights.petition_count": ("Weight of few petitions", "信访量权重"),
    "assessment.weights.public_satisfaction": ("Weight of satisfaction", "群众满意度权重"),
    "assessment.weights.paperwork": ("Weight of paperwork", "台账权重"),
    "assessment.campaign": ("Campaign", "专项行动"),
    "deliberation.meetings_per_year": ("Deliberation meetings", "议事协商次数"),
    "deliberation.adoption_share": ("Results carried out", "协商结果采纳"),
    "participation.public_share": ("Public decisions", "公众参与决策"),
    "participation.youth_channel": ("Youth channel", "青年参与渠道"),
    "participation.online_platform": ("Online platform", "网上平台"),
    "volunteering.time_bank": ("Time bank", "时间银行"),
    "volunteering.report_to_community_share": ("Members who report", "党员报到"),
    "volunteering.mediation_share": ("Volunteers' hours to mediation", "志愿时长用于调解"),
    "organisations.purchase_yuan_per_10k": ("Purchase of services", "政府购买服务"),
    "organisations.incubator": ("Incubators", "孵化基地"),
    "partybuilding.coverage": ("Joint councils", "党建联席会议"),
    "partybuilding.formality": ("Agreements without projects", "有名无实的共建"),
    "services.equalisation": ("Equal services", "服务均等化"),
    "services.points_quota_per_year": ("Registration by points", "积分落户名额"),
    "education.seats_per_10k": ("Seats in civic courses", "公民课程学位"),
    "wellbeing.counsellors_per_10k": ("Counsellors", "心理辅导人员"),
    "norms.compact": ("Living compacts", "村规民约"),
    "norms.exemplars_per_100": ("Good examples honoured", "表彰先进"),
    "projects.consultation_share": ("Works consulted on", "工程征求意见"),
    "projects.acceptance_effort": ("Effort for acceptance", "验收力度"),
    "projects.maintenance_share": ("Upkeep of works", "工程管护"),
    "land.compensation_ratio": ("Compensation for land", "征地补偿"),
    "labour.mode": ("Mode of development", "发展模式"),
    "water.drip_subsidy_share": ("Subsidy of drip irrigation", "滴灌补贴"),
    "water.monitoring": ("Metered wells", "机井计量"),
    "metropolitan.form": ("Form of the region", "都市区组织形式"),
    "metropolitan.compensation": ("Compensation between jurisdictions", "外溢补偿"),
    "metropolitan.provincial_lead": ("Lead of the province", "省级牵头"),
    "response.policy": ("Answer to joint action", "对集体行动的回应"),
}
# fmt: on

LEVERS: Mapping[str, Lever] = {lever.name: lever for lever in _TABLE}


def worded(name: str, plain: Any) -> Any:
    """A lever's setting as a scenario file says it: words where the lever takes words."""
    lever = LEVERS.get(name)
    if lever is None or not lever.choices or plain is None:
        return plain
    if isinstance(plain, Mapping):
        return {key: worded(name, part) if key != "from" else part for key, part in plain.items()}
    if isinstance(plain, list):
        return [worded(name, part) for part in plain]
    return lever.choices[int(plain)]
