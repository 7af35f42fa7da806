# Values for tests/fixtures/agreement_ratings.json: lme4 for variance components of tables with holes,
# psych::ICC for complete tables, stats::qt with a noncentrality for the limits of agreement.
# Run from the top folder: Rscript tests/agreement/oracles/ratings.R
suppressMessages({library(lme4); library(psych); library(jsonlite)})

shrout_fleiss <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7),
                        ncol = 4, byrow = TRUE)
with_holes <- function(seed, n, k, unit, rater, error, share) {
  set.seed(seed)
  y <- outer(rnorm(n, sd = unit), rnorm(k, sd = rater), "+") + matrix(rnorm(n * k, sd = error), n)
  y <- round(y + 4, 3)
  y[matrix(runif(n * k) < share, n)] <- NA
  y
}
two_of_five <- function(seed) {
  y <- with_holes(seed, 30, 5, 1, 0.5, 0.7, 0)
  for (i in seq_len(nrow(y))) y[i, sample(5, 3)] <- NA
  y
}
sf_holes <- shrout_fleiss
sf_holes[1, 2] <- NA; sf_holes[4, 3] <- NA; sf_holes[5, 1] <- NA
holed <- list(
  shrout_fleiss_less_three = sf_holes,
  a_fifth_missing = with_holes(1, 20, 4, 1, 0.5, 0.7, 0.2),
  half_missing = with_holes(2, 60, 6, 1, 0.3, 1, 0.5),
  two_of_five_raters = two_of_five(3),
  raters_alike = with_holes(5, 25, 3, 1, 0, 0.5, 0.25),
  units_alike = with_holes(6, 15, 4, 0, 0.5, 1, 0.2)
)
components <- function(y) {
  d <- data.frame(value = as.vector(y), unit = factor(row(y)), rater = factor(col(y)))
  d <- d[!is.na(d$value), ]
  tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5),
                       check.conv.singular = "ignore")
  of <- function(formula) {
    m <- lmer(formula, data = d, REML = TRUE, control = tight)
    v <- as.data.frame(VarCorr(m))
    setNames(as.list(v$vcov), v$grp)
  }
  list(random = of(value ~ 1 + (1 | unit) + (1 | rater)),
       fixed = of(value ~ rater + (1 | unit)),
       `one-way` = of(value ~ 1 + (1 | unit)))
}
complete <- list(shrout_fleiss = shrout_fleiss, wide = with_holes(7, 12, 3, 1, 0.4, 0.6, 0),
                 raters_alike = with_holes(8, 10, 5, 1, 0, 1, 0))
of_psych <- function(y) {
  r <- ICC(y, lmer = FALSE, missing = FALSE)$results
  list(form = c("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"),
       value = r$ICC, f = r$F, df1 = r$df1, df2 = r$df2, p = r$p,
       low = r$`lower bound`, high = r$`upper bound`)
}
noncentral <- expand.grid(n = c(5, 17, 100, 300), p = c(0.025, 0.975))
noncentral$t <- with(noncentral, qt(p, n - 1, ncp = qnorm(0.975) * sqrt(n)))
write_json(
  list(
    made_with = list(R = as.character(getRversion()), lme4 = as.character(packageVersion("lme4")),
                     psych = as.character(packageVersion("psych"))),
    holes = lapply(holed, function(y) list(table = y, lme4 = components(y))),
    complete = lapply(complete, function(y) list(table = y, psych = of_psych(y))),
    noncentral_t = noncentral
  ),
  "tests/fixtures/agreement_ratings.json", digits = 12, na = "null", auto_unbox = TRUE
)
