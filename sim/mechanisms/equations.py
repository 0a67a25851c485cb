r"""The equation of each mechanism, typeset: LaTeX, as the mechanism's own file states it in words.

Pages show these; nothing is computed from them. Time is in years; x, g, b and the like are shares.
"""

EQUATIONS: dict[str, str] = {
    "shocks": r"n = \lfloor s\,H + \text{carry} \rfloor \quad\text{households of rank below } n"
    r" \text{ enter one issue on the day of the shock}",
    "metropolitan": r"g = \frac{b}{k}\bigl(1 + [\theta + (1-\theta)\,c]\; s\,(n-1)\bigr)",
    "water": r"X = \varphi\,\sigma\,\frac{A}{b},\quad A = a - c_1 D,\quad"
    r" \frac{dD}{dt} = 2\,(X - R),\quad \varphi = \frac{N}{N+1} - m\Bigl(\frac{N}{N+1}"
    r" - \tfrac12\Bigr)",
    "land": r"\text{farmed} \rightleftarrows \text{transferred},\;"
    r" \text{farmed} \rightleftarrows \text{idle},\quad"
    r" \text{paid} = \text{area} \times \text{price} \times \text{ratio}",
    "projects": r"\text{accepted at } \max_{i \le 4} E_i,\; E_i \sim"
    r" \mathrm{Exp}\bigl(\theta\,(C/C_0)/\text{effort}\bigr),\quad"
    r" \mathbb{E} = \theta \sum_{i=1}^{4} \tfrac1i",
    "labour": r"\frac{dU}{dt} = d\,E - f\,(v/v_0)^{\eta}\,U,\qquad u^* = \frac{d}{d+f}",
    "services": r"\text{access} = \text{supply}_k\,\bigl(1 + .1\,(q - .7)\bigr)"
    r"\,\min(1, C/D)\times\{1 \text{ if registered here, else } .5 + .5\,e\}",
    "migration": r"P_k \propto \exp\bigl(\beta\,[\ln w_k + \gamma \ln c_k] + \text{ties}"
    r" + \text{access} + \text{const} - \delta \ln \text{km}_k\bigr)",
    "integration": r"\frac{db}{dt} = a\,(1-b) - r\,b,\qquad b^* = \frac{a}{a+r}",
    "budget": r"\text{planned} = \text{paid} + \text{without money} + \text{lapsed}"
    r" + \text{carried},\qquad \text{due} = \text{paid} + \text{cut}",
    "staffing": r"\frac{dF}{dt} = f\,(1-F) - q\,F,\qquad F^* = \frac{f}{f+q}",
    "assessment": r"\max_{e} \sum_k w_k \ln e_k \;\text{ subject to } \sum_k c_k e_k = 1"
    r"\;\Rightarrow\; e_k = \frac{w_k}{c_k \sum_j w_j}",
    "partybuilding": r"\text{matched}_k = (1 - \text{formality})\,\text{council}_u\,"
    r"\min(\text{need}_k, \text{resource}_k)",
    "organisations": r"N \sim \mathrm{Poisson}(b/d),\qquad A = 1 - D,\quad D ="
    r" \frac{\text{support} + \text{purchase}}{\text{income}}",
    "detection": r"h = h_0\, e\,(H_0/H)^{a},\qquad P(\text{found}) = \frac{h}{h+q}",
    "disputes": r"\lambda_{id} = P_d\, x_{id}\, m_i,\qquad m_i ="
    r" \frac{\exp\bigl(b\,(g_i - g_0) + c\,(n_i - n_0)\bigr)}{M}",
    "channels": r"P(k) = \frac{e^{V_k}}{\sum_j e^{V_j}}",
    "mediation": r"\text{rate} = \tfrac12 \sum_m s_m,\qquad"
    r" \operatorname{logit} P(\text{settled}) = \operatorname{logit} p + a\,z_{\text{trust}}"
    r" + b\,z_{\text{norm}} + c\,(I - .4)",
    "coordination": r"\mathbb{E}[\text{hops}] = \frac{1}{1-m},\qquad"
    r" \mathbb{E}[\text{delay}] = \frac{D}{1-m}",
    "courts": r"\text{days} = 50\,(\rho/\rho_0)^{.6} + W,\qquad"
    r" \frac{dB}{dt} = F - J\,m \;\text{ while } F > J\,m",
    "petitions": r"\text{items a matter} = \frac{1}{1 - (1-v)\,q - v\,q'},\qquad"
    r" \text{recorded} = (1 - v)\,\text{made}",
    "mobilisation": r"\text{join if } g_i\,(1 - T_i) - k_r\,\text{risk} + k_e\,e_i"
    r" + k_w\,\text{we} > \tau_i",
    "participation": r"p_i = \operatorname{logistic}\bigl(h_i + J\,\bar p_{N(i)}\bigr)",
    "volunteering": r"\text{minted} = \text{spent} + \text{held} + \text{expired} + \text{left},"
    r"\qquad C^* = \frac{m}{\sigma + 1/L}",
    "education": r"\frac{dT}{dt} = \frac{S}{N} (1 - T) - f\,T,\qquad T^* = \frac{S}{S + f N}",
    "norms": r"\frac{dn}{dt} = a\,(1-n) - r\,n,\qquad n^* = \frac{a}{a+r}",
    "grievance": r"\frac{dg}{dt} = a\,(1-g) - r\,g,\qquad g^* = \frac{a}{a+r}",
    "wellbeing": r"\frac{dx}{dt} = a\,(1-x) - r\,x,\qquad x^* = \frac{a}{a+r}",
    "influence": r"\frac{dx_i}{dt} = K\Bigl[s_i \sum_j W_{ij}\,x_j + (1-s_i)\,a_i - x_i\Bigr],"
    r"\qquad x^* = (I - S W)^{-1}(I - S)\,a",
}
