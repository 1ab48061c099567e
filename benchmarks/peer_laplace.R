# lme4 and glmmTMB on cells.csv: prints tool, seconds, sd of LEAs, sd of states, and no ESS.
suppressMessages({library(lme4); library(glmmTMB)})
d <- read.csv(commandArgs(trailingOnly = TRUE)[1])
d$grp <- relevel(factor(d$grp), "white"); d$lea <- factor(d$lea); d$state <- factor(d$state)
f <- cbind(y, n - y) ~ grp * sex + (1 | lea) + (1 | state)
say <- function(tool, seconds, lea, state)
  cat(sprintf("%s,%.1f,%.3f,%.3f,\n", tool, seconds, lea, state))
t <- system.time(m <- glmmTMB(f, data = d, family = binomial))[["elapsed"]]
v <- VarCorr(m)$cond
say("glmmTMB (Laplace)", t, attr(v$lea, "stddev"), attr(v$state, "stddev"))
t <- system.time(m <- suppressWarnings(glmer(f, data = d, family = binomial)))[["elapsed"]]
v <- as.data.frame(VarCorr(m))
say("lme4 glmer (Laplace)", t, v$sdcor[v$grp == "lea"], v$sdcor[v$grp == "state"])
