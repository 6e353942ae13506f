package io.millrace.sweeps.schedule;

/**
 * A trial that continues with the weights, the optimizer's moments and the settings of another, of
 * which some are then changed.
 *
 * @param trial that is replaced
 * @param from that it is copied from
 * @param round of copies, from 1
 */
public record TrialCopy(int trial, int from, int round) {}
