"""The publications behind a result: those of its coefficient, and those of how its interval was made.

A coefficient names its own as `references`, full citations in APA style; those of the coefficients
that came with the program stand here under their ids. Intervals are told by the words of their method.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbench.agreement.coefficients import found
from workbench.agreement.result import Result

_BAKEMAN_2009 = (
    "Bakeman, R., Quera, V., & Gnisci, A. (2009). Observer agreement for timed-event sequential data: A comparison of "
    "time-based and event-based algorithms. Behavior Research Methods, 41(1), 137–147. "
    "https://doi.org/10.3758/BRM.41.1.137"
)
_BATES_2015 = (
    "Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models using lme4. Journal "
    "of Statistical Software, 67(1), 1–48. https://doi.org/10.18637/jss.v067.i01"
)
_BLAND_ALTMAN_1986 = (
    "Bland, J. M., & Altman, D. G. (1986). Statistical methods for assessing agreement between two methods of clinical "
    "measurement. The Lancet, 327(8476), 307–310. https://doi.org/10.1016/S0140-6736(86)90837-8"
)
_BLAND_ALTMAN_1999 = (
    "Bland, J. M., & Altman, D. G. (1999). Measuring agreement in method comparison studies. Statistical Methods in "
    "Medical Research, 8(2), 135–160. https://doi.org/10.1177/096228029900800204"
)
_BRENNAN_2001 = "Brennan, R. L. (2001). Generalizability theory. Springer. https://doi.org/10.1007/978-1-4757-3456-0"
_BRENNAN_PREDIGER_1981 = (
    "Brennan, R. L., & Prediger, D. J. (1981). Coefficient kappa: Some uses, misuses, and alternatives. Educational "
    "and Psychological Measurement, 41(3), 687–699. https://doi.org/10.1177/001316448104100307"
)
_BROWN_1910 = (
    "Brown, W. (1910). Some experimental results in the correlation of mental abilities. British Journal of "
    "Psychology, 3(3), 296–322. https://doi.org/10.1111/j.2044-8295.1910.tb00207.x"
)
_BYRT_1993 = (
    "Byrt, T., Bishop, J., & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology, "
    "46(5), 423–429. https://doi.org/10.1016/0895-4356(93)90018-V"
)
_CARKEET_2015 = (
    "Carkeet, A. (2015). Exact parametric confidence intervals for Bland–Altman limits of agreement. Optometry and "
    "Vision Science, 92(3), e71–e80. https://doi.org/10.1097/OPX.0000000000000513"
)
_CLOPPER_PEARSON_1934 = (
    "Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the "
    "binomial. Biometrika, 26(4), 404–413. https://doi.org/10.1093/biomet/26.4.404"
)
_COHEN_1960 = (
    "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement, "
    "20(1), 37–46. https://doi.org/10.1177/001316446002000104"
)
_COHEN_1968 = (
    "Cohen, J. (1968). Weighted kappa: Nominal scale agreement with provision for scaled disagreement or partial "
    "credit. Psychological Bulletin, 70(4), 213–220. https://doi.org/10.1037/h0026256"
)
_CONGER_1980 = (
    "Conger, A. J. (1980). Integration and generalization of kappas for multiple raters. Psychological Bulletin, "
    "88(2), 322–328. https://doi.org/10.1037/0033-2909.88.2.322"
)
_EFRON_1987 = (
    "Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical Association, "
    "82(397), 171–185. https://doi.org/10.1080/01621459.1987.10478410"
)
_FLEISS_1971 = (
    "Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin, 76(5), "
    "378–382. https://doi.org/10.1037/h0031619"
)
_FLEISS_COHEN_1973 = (
    "Fleiss, J. L., & Cohen, J. (1973). The equivalence of weighted kappa and the intraclass correlation coefficient "
    "as measures of reliability. Educational and Psychological Measurement, 33(3), 613–619."
)
_FLEISS_COHEN_EVERITT_1969 = (
    "Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and weighted kappa. "
    "Psychological Bulletin, 72(5), 323–327. https://doi.org/10.1037/h0028106"
)
_GWET_2008 = (
    "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British "
    "Journal of Mathematical and Statistical Psychology, 61(1), 29–48. https://doi.org/10.1348/000711006X126600"
)
_GWET_2014 = "Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics."
_HARVILLE_FENECH_1985 = (
    "Harville, D. A., & Fenech, A. P. (1985). Confidence intervals for a variance ratio, or for heritability, in an "
    "unbalanced mixed linear model. Biometrics, 41(1), 137–152. https://doi.org/10.2307/2530650"
)
_HAYES_KRIPPENDORFF_2007 = (
    "Hayes, A. F., & Krippendorff, K. (2007). Answering the call for a standard reliability measure for coding data. "
    "Communication Methods and Measures, 1(1), 77–89. https://doi.org/10.1080/19312450709336664"
)
_HESTERBERG_2015 = (
    "Hesterberg, T. C. (2015). What teachers should know about the bootstrap: Resampling in the undergraduate "
    "statistics curriculum. The American Statistician, 69(4), 371–386. https://doi.org/10.1080/00031305.2015.1089789"
)
_HOLLE_REIN_2015 = (
    "Holle, H., & Rein, R. (2015). EasyDIAg: A tool for easy determination of interrater agreement. Behavior Research "
    "Methods, 47(3), 837–847. https://doi.org/10.3758/s13428-014-0506-7"
)
_KRIPPENDORFF_2011 = (
    "Krippendorff, K. (2011). Computing Krippendorff’s alpha-reliability. University of Pennsylvania. "
    "https://repository.upenn.edu/asc_papers/43"
)
_KRIPPENDORFF_2016 = (
    "Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of unitizing textual "
    "continua: Further developments. Quality & Quantity, 50(6), 2347–2364. https://doi.org/10.1007/s11135-015-0266-1"
)
_LIGHT_1971 = (
    "Light, R. J. (1971). Measures of response agreement for qualitative data: Some generalizations and alternatives. "
    "Psychological Bulletin, 76(5), 365–377. https://doi.org/10.1037/h0031643"
)
_LIN_1989 = (
    "Lin, L. I.-K. (1989). A concordance correlation coefficient to evaluate reproducibility. Biometrics, 45(1), "
    "255–268. https://doi.org/10.2307/2532051"
)
_LIN_2000 = (
    "Lin, L. I.-K. (2000). A note on the concordance correlation coefficient. Biometrics, 56(1), 324–325. "
    "https://www.jstor.org/stable/2677159"
)
_MATHET_2015 = (
    "Mathet, Y., Widlöcher, A., & Métivier, J.-P. (2015). The unified and holistic method gamma (γ) for "
    "inter-annotator agreement measure and alignment. Computational Linguistics, 41(3), 437–479. "
    "https://doi.org/10.1162/COLI_a_00227"
)
_MATHET_2017 = (
    "Mathet, Y. (2017). The agreement measure γcat: A complement to γ focused on categorization of a continuum. "
    "Computational Linguistics, 43(3), 661–681. https://doi.org/10.1162/COLI_a_00296"
)
_MCGRAW_WONG_1996 = (
    "McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients. "
    "Psychological Methods, 1(1), 30–46. https://doi.org/10.1037/1082-989X.1.1.30"
)
_MILLER_1974 = (
    "Miller, R. G. (1974). The jackknife: A review. Biometrika, 61(1), 1–15. https://doi.org/10.1093/biomet/61.1.1"
)
_NEEDLEMAN_WUNSCH_1970 = (
    "Needleman, S. B., & Wunsch, C. D. (1970). A general method applicable to the search for similarities in the amino "
    "acid sequence of two proteins. Journal of Molecular Biology, 48(3), 443–453. "
    "https://doi.org/10.1016/0022-2836(70)90057-4"
)
_PATTERSON_THOMPSON_1971 = (
    "Patterson, H. D., & Thompson, R. (1971). Recovery of inter-block information when block sizes are unequal. "
    "Biometrika, 58(3), 545–554. https://doi.org/10.1093/biomet/58.3.545"
)
_POLITIS_ROMANO_1992 = (
    "Politis, D. N., & Romano, J. P. (1992). A circular block-resampling procedure for stationary data. In R. LePage & "
    "L. Billard (Eds.), Exploring the limits of bootstrap (pp. 263–270). Wiley."
)
_QUERA_2007 = (
    "Quera, V., Bakeman, R., & Gnisci, A. (2007). Observer agreement for event sequences: Methods and software for "
    "sequence alignment and reliability estimates. Behavior Research Methods, 39(1), 39–49. "
    "https://doi.org/10.3758/BF03192842"
)
_RUBIN_1981 = (
    "Rubin, D. B. (1981). The Bayesian bootstrap. The Annals of Statistics, 9(1), 130–134. "
    "https://doi.org/10.1214/aos/1176345338"
)
_SCHOUTEN_1982 = (
    "Schouten, H. J. A. (1982). Measuring pairwise interobserver agreement when all subjects are judged by the same "
    "observers. Statistica Neerlandica, 36, 45–61."
)
_SCOTT_1955 = (
    "Scott, W. A. (1955). Reliability of content analysis: The case of nominal scale coding. Public Opinion Quarterly, "
    "19(3), 321–325. https://doi.org/10.1086/266577"
)
_SHROUT_FLEISS_1979 = (
    "Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater reliability. "
    "Psychological Bulletin, 86(2), 420–428. https://doi.org/10.1037/0033-2909.86.2.420"
)
_SPEARMAN_1910 = (
    "Spearman, C. (1910). Correlation calculated from faulty data. British Journal of Psychology, 3(3), 271–295. "
    "https://doi.org/10.1111/j.2044-8295.1910.tb00206.x"
)
_TEN_HOVE_2022 = (
    "ten Hove, D., Jorgensen, T. D., & van der Ark, L. A. (2022). Interrater reliability for multilevel data: A "
    "generalizability theory approach. Psychological Methods, 27(4), 650–666. https://doi.org/10.1037/met0000391"
)
_TITEUX_2021 = (
    "Titeux, H., & Riad, R. (2021). pygamma-agreement: Gamma γ measure for inter/intra-annotator agreement in Python. "
    "Journal of Open Source Software, 6(62), 2989. https://doi.org/10.21105/joss.02989"
)
_WALD_1947 = "Wald, A. (1947). A note on regression analysis. Annals of Mathematical Statistics, 18, 586–589."

OF_COEFFICIENT: dict[str, tuple[str, ...]] = {
    "alignment_kappa": (_QUERA_2007,),
    "bland_altman": (_BLAND_ALTMAN_1986, _BLAND_ALTMAN_1999),
    "brennan_prediger": (_BRENNAN_PREDIGER_1981,),
    "cohen_kappa": (_COHEN_1960, _BYRT_1993),
    "conger_kappa": (_CONGER_1980,),
    "criterion": (_CLOPPER_PEARSON_1934,),
    "drift": (),
    "easydiag_kappa": (_HOLLE_REIN_2015,),
    "fleiss_kappa": (_FLEISS_1971,),
    "gamma": (_MATHET_2015, _MATHET_2017, _TITEUX_2021),
    "generalizability": (_BRENNAN_2001,),
    "gwet_ac1": (_GWET_2008, _GWET_2014),
    "gwet_ac2": (_GWET_2008, _GWET_2014),
    "icc": (_SHROUT_FLEISS_1979, _MCGRAW_WONG_1996),
    "krippendorff_alpha": (_HAYES_KRIPPENDORFF_2007, _KRIPPENDORFF_2011),
    "light_kappa": (_LIGHT_1971,),
    "lin_ccc": (_LIN_1989,),
    "pabak": (_BYRT_1993,),
    "percent_agreement": (),
    "scott_pi": (_SCOTT_1955,),
    "time_unit_kappa": (_BAKEMAN_2009,),
    "unitizing_alpha": (_KRIPPENDORFF_2016,),
}

# Words of `Result.interval_method`, and what they come from.
_OF_METHOD = {
    "Bayesian bootstrap": _RUBIN_1981,
    "Carkeet": _CARKEET_2015,
    "Clopper & Pearson": _CLOPPER_PEARSON_1934,
    "Fleiss, Cohen & Everitt": _FLEISS_COHEN_EVERITT_1969,
    "Gwet 2008": _GWET_2008,
    "Harville & Fenech": _HARVILLE_FENECH_1985,
    "Shrout & Fleiss": _SHROUT_FLEISS_1979,
    "Wald": _WALD_1947,
    "corrected 2000": _LIN_2000,
    "corrected for bias and skewness": _EFRON_1987,
    "circular block bootstrap": _POLITIS_ROMANO_1992,
    "expanded percentile": _HESTERBERG_2015,
    "jackknife": _MILLER_1974,
}

# How the value came about: settings of a result, and what they come from.
_OF_SETTINGS: dict[tuple[str, str], tuple[str, ...]] = {
    ("by", "rater"): (_SCHOUTEN_1982,),
    ("design", "(sessions : dyads) × raters"): (_TEN_HOVE_2022,),
    ("estimator", "REML"): (_PATTERSON_THOMPSON_1971, _BATES_2015),
    ("stepped_by", "Spearman–Brown"): (_SPEARMAN_1910, _BROWN_1910),
    ("way", "sequence"): (_NEEDLEMAN_WUNSCH_1970,),
    ("weights", "quadratic"): (_FLEISS_COHEN_1973,),
}


def of_coefficient(id: str) -> tuple[str, ...]:
    """The citations of one coefficient: its own attribute `references`, else those known here under its id."""
    own: tuple[str, ...] = getattr(found().get(id), "references", ())
    return tuple(own) or OF_COEFFICIENT.get(id, ())


def of_result(result: Result) -> tuple[str, ...]:
    """The citations of one result: its coefficient's, its settings' and, where it has one, its interval's."""
    cited = list(of_coefficient(result.id))
    for (name, value), sources in _OF_SETTINGS.items():
        cited += sources if result.settings.get(name) == value else ()
    if result.id == "cohen_kappa" and result.settings.get("weights", "none") != "none":
        cited.append(_COHEN_1968)
    return tuple(dict.fromkeys([*cited, *of_interval(result)]))


def of_interval(result: Result) -> tuple[str, ...]:
    """The citations of how a result's interval was made; none where it has none."""
    if result.low is None:
        return ()
    return tuple(source for words, source in _OF_METHOD.items() if words in result.interval_method)


def references(results: Iterable[Result]) -> tuple[str, ...]:
    """What the results with a value rest on, each publication once, in alphabetical order.

    >>> from workbench import agreement
    >>> data = agreement.reliability([[1, 2, 3, 3], [1, 2, 3, 1]], level="nominal")
    >>> [short(source) for source in references([agreement.compute("krippendorff_alpha", data)])]
    ['Efron, 1987', 'Hayes & Krippendorff, 2007', 'Krippendorff, 2011', 'Rubin, 1981']
    """
    return tuple(sorted({source for r in results if r.defined for source in of_result(r)}, key=str.casefold))


def short(citation: str) -> str:
    """A citation as it stands in a sentence.

    >>> short("Cohen, J. (1960). A coefficient of agreement for nominal scales.")
    'Cohen, 1960'
    >>> short("Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations.")
    'Shrout & Fleiss, 1979'
    >>> short("Byrt, T., Bishop, J., & Carlin, J. B. (1993). Bias, prevalence and kappa.")
    'Byrt et al., 1993'
    """
    people, _, rest = citation.partition(" (")
    names = [part.strip(" ,&") for part in people.replace("&", "").split("., ")]
    last = [name.split(",")[0] for name in names if name]
    who = last[0] if len(last) == 1 else " & ".join(last) if len(last) == 2 else f"{last[0]} et al."
    return f"{who}, {rest[:4]}"
