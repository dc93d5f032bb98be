# Rscript reference.R FOLDER: writes the numbers that tests/warnings compares with, from the R package surveillance 1.20.3
# (Debian 12: apt-get install --no-install-recommends r-cran-surveillance). The tests need no R.
suppressMessages(library(surveillance))
folder <- commandArgs(TRUE)[1]
WEEKS <- 20 # judged at the end of each series
all <- list()
for (name in c("salmonella.agona", "hepatitisA", "m1", "m2", "m3", "m4", "m5", "n1", "n2", "k1", "h1_nrwrp", "q1_nrwh", "s1", "s2", "s3", "shadar", "momo", "salmHospitalized", "salmNewport")) {
  place <- new.env()
  data(list = name, envir = place)
  one <- place[[name]]
  if (is(one, "disProg")) one <- disProg2sts(one)
  for (j in seq_len(ncol(one))) {
    key <- if (ncol(one) == 1) name else paste0(name, "/", gsub("[^A-Za-z0-9]+", ".", colnames(one)[j]))
    all[[key]] <- as.integer(tail(observed(one)[, j], 320))
  }
}
# The family of Noufaily et al. 2013: level, trend, season, dispersion; four outbreaks in the past and one at the end.
set.seed(20130330)
simulated <- function(weeks, level, trend, season, dispersion) {
  t <- 1:weeks
  mean <- exp(level + trend * t + season * cos(2 * pi * t / 52) + 0.7 * season * sin(2 * pi * t / 52))
  y <- if (dispersion > 1) rnbinom(weeks, mu = mean, size = mean / (dispersion - 1)) else rpois(weeks, mean)
  for (s in sample(60:(weeks - 60), 4)) y[s:(s + 2)] <- y[s:(s + 2)] + rpois(3, 3 * sqrt(mean[s] * dispersion))
  last <- weeks - sample(0:(WEEKS - 1), 1)
  y[last] <- y[last] + rpois(1, 6 * sqrt(mean[last] * dispersion))
  as.integer(y)
}
number <- 0
for (level in c(-3, -1.5, -0.5, 0.1, 1.5, 3, 5)) for (trend in c(0, 0.003, -0.003)) for (season in c(0, 0.6)) for (dispersion in c(1, 1.5, 3)) {
  number <- number + 1
  if (number %% 3 == 0 || level < -1) all[[paste0("sim", number)]] <- simulated(300 + number %% 7, level, trend, season, dispersion)
}
all$one_past <- replace(rep(0L, 320), 100, 3L)
all$one_past[320] <- 6L
all$ones <- rep(1L, 320)
all$steps <- as.integer(c(rep(2, 200), rep(9, 120)))
all$grows <- as.integer(round(exp((1:320) / 60)))
all$falls <- as.integer(round(exp((320:1) / 60)))
all$large <- as.integer(rnbinom(320, mu = 200000, size = 30))
writeLines(c("{", paste0("\"", names(all), "\": [", sapply(all, paste, collapse = ","), "]", c(rep(",", length(all) - 1), "")), "}"), file.path(folder, "series.json"))

asked <- function(range, b, ...) {
  given <- list(range = range, b = b, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE, weightsThreshold = 2.58, pThresholdTrend = 1, trend = TRUE,
    thresholdMethod = "nbPlugin", alpha = 0.01, limit54 = c(5, 4), populationOffset = FALSE, verbose = FALSE, glmWarnings = FALSE)
  modifyList(given, list(...))
}
short <- function(x) signif(as.numeric(x), 10)
detected <- function(name, weeks, ...) {
  y <- all[[name]]
  n <- length(y)
  b <- min(5, (n - 3) %/% 52)
  range <- max(b * 52 + 3, n - weeks + 1):n
  series <- sts(y, start = c(2000, 1), frequency = 52)
  free <- suppressWarnings(farringtonFlexible(series, asked(range, b, limit54 = c(0, 4), ...)))
  held <- suppressWarnings(farringtonFlexible(series, asked(range, b, ...)))
  data.frame(series = name, t = range, years = b, expected = short(free@control$expected[, 1]), threshold = short(free@upperbound[, 1]), p = short(free@control$pvalue[, 1]), alarm = 1 * held@alarm[, 1])
}
put <- function(rows, file) write.csv(rows, file.path(folder, file), row.names = FALSE, quote = FALSE)
# Expected count, threshold and p-value with limit54 = c(0, 4), where R gives them for every week; alarms with c(5, 4).
put(do.call(rbind, lapply(names(all), detected, weeks = WEEKS)), "farrington.csv")

few <- c("salmonella.agona", "k1", "n2", "shadar", "salmNewport/Bavaria", "sim51", "sim90", "sim111")
settings <- list(delta = list(thresholdMethod = "delta"), muan = list(thresholdMethod = "muan"), slope = list(pThresholdTrend = 0.05), old = list(noPeriods = 1, thresholdMethod = "delta", pThresholdTrend = 0.05))
other <- lapply(names(settings), function(kind) do.call(rbind, lapply(few, function(name) cbind(setting = kind, do.call(detected, c(list(name, weeks = 10), settings[[kind]]))))))
put(do.call(rbind, other), "settings.csv")

moved <- function(name, method, alpha) {
  y <- all[[name]]
  range <- (length(y) - WEEKS + 1):length(y)
  found <- earsC(sts(y, start = c(2000, 1), frequency = 52), control = list(range = range, method = method, baseline = 7, minSigma = 0, alpha = alpha))
  data.frame(series = name, t = range, method = method, alpha = alpha, threshold = short(found@upperbound[, 1]), alarm = 1 * found@alarm[, 1])
}
put(do.call(rbind, lapply(c("salmonella.agona", "shadar", "n2", "sim51", "sim90", "one_past", "grows"), function(name) do.call(rbind, lapply(c("C1", "C2", "C3"), function(method) rbind(moved(name, method, 0.01), moved(name, method, 0.001)))))), "ears.csv")
