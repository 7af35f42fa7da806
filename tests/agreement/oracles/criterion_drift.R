# Exact, t and regression intervals of R (and κ, ICC of psych), for test_agreement_criterion_drift.py.
# Run from the repository: Rscript tests/agreement/oracles/criterion_drift.R
# It writes tests/fixtures/agreement_criterion_drift.json. Needs psych and jsonlite.
suppressMessages({library(psych); library(jsonlite)})

set.seed(11)
n <- 24
criterion <- sample(1:5, n, replace = TRUE)
rater <- pmin(5, pmax(1, criterion + sample(c(-2, -1, 0, 0, 0, 1), n, replace = TRUE)))
days <- sort(sample(0:160, n))
share <- function(hits) { t <- binom.test(sum(hits), n); list(value = unname(t$estimate), interval = t$conf.int[1:2]) }
per_30 <- function(y) {
  fit <- lm(y ~ I(days / 30))
  list(value = unname(coef(fit)[2]), interval = unname(confint(fit)[2, ]))
}
bias <- t.test(rater - criterion)
icc <- ICC(data.frame(rater, criterion), lmer = FALSE)$results
write_json(list(
  made_with = list(R = R.version.string, psych = as.character(packageVersion("psych"))),
  rater = rater, criterion = criterion, days = days,
  exact = share(rater == criterion), within_one = share(abs(rater - criterion) <= 1),
  bias = list(value = unname(bias$estimate), interval = bias$conf.int[1:2]),
  kappa = cohen.kappa(cbind(rater, criterion))$weighted.kappa,
  icc = list(value = icc[icc$type == "ICC2", "ICC"]),
  difference = per_30(rater - criterion), closeness = per_30(-abs(rater - criterion)),
  agreement = per_30(as.numeric(rater == criterion))
), "tests/fixtures/agreement_criterion_drift.json", auto_unbox = TRUE, digits = NA)
