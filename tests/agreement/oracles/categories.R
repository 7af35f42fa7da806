# Coefficients on codes by R: psych (Debian), irr 0.84.1 and irrCAC 1.4 (Gwet's own package).
#   Rscript tests/agreement/oracles/categories.R > tests/fixtures/agreement_categories.json
# irrCAC rounds coefficients and standard errors to five digits; pa and pe come whole.
suppressMessages({library(psych); library(irr); library(irrCAC); library(jsonlite)})

table_of <- function(x) lapply(seq_len(ncol(x)), function(j) unname(x[, j]))  # raters × units
cac <- function(x, ...) {
  out <- list()
  members <- list(fleiss_kappa = fleiss.kappa.raw, conger_kappa = conger.kappa.raw,
                  brennan_prediger = bp.coeff.raw, gwet = gwet.ac1.raw)
  for (weights in c("unweighted", "linear", "quadratic", "ordinal", "radical")) for (id in names(members)) {
    found <- members[[id]](x, weights = weights, ...)$est
    out[[length(out) + 1]] <- list(id = id, weights = weights, pa = found$pa, pe = found$pe,
                                   value = found$coeff.val, se = found$coeff.se)
  }
  out
}
two <- function(x, weights) {
  q <- max(x)
  apart <- abs(outer(1:q, 1:q, "-")) / (q - 1)
  w <- switch(weights, linear = 1 - apart, quadratic = 1 - apart^2)
  found <- cohen.kappa(x, w = w, levels = 1:q)
  # psych 2.2.9 makes a negative variance of similarity weights 0, so its weighted error is no oracle
  list(weights = weights, value = found$weighted.kappa,
       unweighted = found$kappa, unweighted_se = sqrt(found$var.kappa))
}

data(diagnoses)
fleiss <- apply(as.matrix(diagnoses), 2, function(v) as.integer(substr(v, 1, 1)))
by_code <- kappam.fleiss(fleiss, detail = TRUE)

set.seed(1971)
true <- sample(1:4, 40, replace = TRUE, prob = c(.5, .25, .15, .1))
holes <- sapply(1:6, function(r) pmin(pmax(true + sample(-1:1, 40, replace = TRUE, prob = c(.15, .7, .15)), 1), 4))
holes[matrix(runif(240) < .2, 40)] <- NA
pair <- cbind(true, pmin(pmax(true + sample(-2:2, 40, replace = TRUE, prob = c(.05, .1, .7, .1, .05)), 1), 4))
whole <- sapply(1:4, function(r) pmin(pmax(true + sample(-1:1, 40, replace = TRUE, prob = c(.2, .65, .15)), 1), 4))

suppressWarnings(out <- list(
  versions = list(R = R.version.string, psych = as.character(packageVersion("psych")),
                  irr = as.character(packageVersion("irr")), irrCAC = as.character(packageVersion("irrCAC"))),
  gwet_2014_p120 = list(values = table_of(as.matrix(cac.raw4raters)), found = cac(cac.raw4raters)),
  five_observers = list(values = table_of(as.matrix(cac.raw5obser[, -1])), found = cac(cac.raw5obser[, -1])),
  holes = list(values = table_of(holes), found = cac(holes), found_of_six = cac(holes, categ.labels = 1:6)),
  fleiss_1971 = list(
    values = table_of(fleiss), found = cac(fleiss),
    kappa = by_code$value, z = by_code$statistic,
    by_code = as.list(by_code$detail[, 1]), z_by_code = as.list(by_code$detail[, 2]),
    exact = kappam.fleiss(fleiss, exact = TRUE)$value, light = kappam.light(fleiss)$value),
  whole = list(values = table_of(whole), light = kappam.light(whole)$value, fleiss = kappam.fleiss(whole)$value,
               conger = kappam.fleiss(whole, exact = TRUE)$value,
               # psych 2.2.9 gives unweighted below the diagonal and quadratic above it
               psych_light = mean(cohen.kappa(whole)$cohen.kappa[lower.tri(diag(4))]),
               psych_light_quadratic = mean(cohen.kappa(whole)$cohen.kappa[upper.tri(diag(4))])),
  pair = list(values = table_of(pair), found = list(two(pair, "linear"), two(pair, "quadratic"))),
  abstractors = list(counts = as.matrix(cont3x3abstractors),
                     scott = scott2.table(as.matrix(cont3x3abstractors))[c("coeff.val", "coeff.se")],
                     kappa = kappa2.table(as.matrix(cont3x3abstractors))[c("coeff.val", "coeff.se")],
                     ac1 = gwet.ac1.table(as.matrix(cont3x3abstractors))[c("coeff.val", "coeff.se")],
                     bp = bp2.table(as.matrix(cont3x3abstractors))[c("coeff.val", "coeff.se")])
))
cat(toJSON(out, digits = I(15), na = "null", auto_unbox = TRUE, pretty = TRUE), "\n")
