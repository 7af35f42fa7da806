# Agreement tables with a structural zero: expected frequencies by loglin() (iterative proportional
# fitting), and κ from them. Rscript tests/agreement/oracles/events.R > tests/fixtures/agreement_events.json
tables <- list(
  manual = matrix(c(122,10,4,6,0,4,11, 0,12,0,4,4,0,10, 2,0,34,0,0,2,3, 0,0,0,6,0,0,0,
                    0,0,0,0,38,4,6, 2,2,2,0,0,6,3, 13,7,4,2,10,5,0), 7, byrow = TRUE),
  three = matrix(c(20,3,5, 2,14,4, 6,1,0), 3, byrow = TRUE),
  opposite = matrix(c(1,9,2, 8,0,3, 4,2,0), 3, byrow = TRUE),
  many_alone = matrix(c(5,1,0,30, 0,4,2,12, 1,0,3,9, 25,14,8,0), 4, byrow = TRUE)
)
one <- function(m) {
  k <- nrow(m)
  start <- matrix(1, k, k)
  start[k, k] <- 0
  fit <- loglin(m, list(1, 2), start = start, fit = TRUE, eps = 1e-12, iter = 10000, print = FALSE)$fit
  n <- sum(m)
  po <- sum(diag(m)) / n
  pe <- sum(diag(fit)) / n
  sprintf('{"table": [%s], "chance": %.12f, "kappa": %.12f}',
          paste(apply(m, 1, function(r) sprintf("[%s]", paste(r, collapse = ", "))), collapse = ", "),
          pe, (po - pe) / (1 - pe))
}
cat(sprintf('{"software": "%s", "source": "tests/agreement/oracles/events.R",\n', R.version.string))
cat(paste(sprintf('"%s": %s', names(tables), sapply(tables, one)), collapse = ",\n"), "}\n", sep = "")
