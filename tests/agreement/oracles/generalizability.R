# Variance components of incomplete and nested tables by lme4, for test_agreement_generalizability.py.
# Run from the repository: Rscript tests/agreement/oracles/generalizability.R
# It writes tests/fixtures/agreement_generalizability.json. Needs lme4 and jsonlite.
suppressMessages({library(lme4); library(jsonlite)})

components <- function(formula, data) {
  control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6),
                         check.conv.singular = "ignore", calc.derivs = FALSE)
  fit <- lmer(formula, data, REML = TRUE, control = control)
  found <- as.data.frame(VarCorr(fit))
  setNames(as.list(found$vcov), found$grp)
}

holes <- function(data, share) data[runif(nrow(data)) >= share, ]

crossed <- function(seed, n, k, share) {
  set.seed(seed)
  data <- expand.grid(session = 1:n, rater = 1:k)
  data$value <- round(4 + rnorm(n)[data$session] + 0.5 * rnorm(k)[data$rater] + rnorm(nrow(data), sd = 0.7), 2)
  data <- holes(data, share)
  list(design = "crossed", data = data,
       components = components(value ~ 1 + (1 | session) + (1 | rater), data))
}

nested <- function(seed, n, s, k, share, ragged) {
  set.seed(seed)
  data <- expand.grid(segment = 1:s, session = 1:n, rater = 1:k)
  if (ragged) data <- data[data$segment <= 2 + data$session %% (s - 1), ]
  data$value <- round(4 + rnorm(n)[data$session] + 0.6 * rnorm(n * s)[(data$session - 1) * s + data$segment] +
    0.4 * rnorm(k)[data$rater] + 0.5 * rnorm(n * k)[(data$session - 1) * k + data$rater] +
    rnorm(nrow(data), sd = 0.7), 2)
  data <- holes(data, share)
  data$part <- interaction(data$session, data$segment, drop = TRUE)
  data$both <- interaction(data$session, data$rater, drop = TRUE)
  found <- components(value ~ 1 + (1 | session) + (1 | part) + (1 | rater) + (1 | both), data)
  data$part <- NULL; data$both <- NULL
  list(design = "nested", data = data, components = found)
}

own_raters <- function(seed, n, share) {
  set.seed(seed)
  data <- expand.grid(session = 1:n, rater = 1:4)
  data$value <- round(4 + rnorm(n)[data$session] + rnorm(nrow(data)), 2)
  data$rater <- paste(data$session, data$rater)
  data <- holes(data, share)
  list(design = "own raters", data = data, components = components(value ~ 1 + (1 | session), data))
}

cases <- list(
  crossed(1, 20, 4, 0.25), crossed(2, 12, 3, 0.4), crossed(3, 40, 6, 0.6), crossed(4, 8, 3, 0),
  nested(5, 15, 4, 3, 0.2, FALSE), nested(6, 20, 5, 4, 0.3, TRUE), nested(7, 12, 3, 3, 0, TRUE),
  nested(8, 10, 4, 3, 0, FALSE), own_raters(9, 15, 0.25)
)
write_json(list(made_with = list(R = R.version.string, lme4 = as.character(packageVersion("lme4"))), cases = cases),
           "tests/fixtures/agreement_generalizability.json", dataframe = "columns", auto_unbox = TRUE, digits = NA)
