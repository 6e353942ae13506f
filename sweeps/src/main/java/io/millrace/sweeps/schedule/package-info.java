/**
 * Which trial of a sweep trains next and which one stops: {@link
 * io.millrace.sweeps.schedule.TrialScheduler}, and its forms. Begin with {@link
 * io.millrace.sweeps.schedule.PromotingAsha}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Schedulers have no clock, no thread and no generator: they follow from the calls. The tests
 *       run them under a virtual clock, a sweep that resumes makes the calls of its log again, and
 *       {@code --replay} is one more scheduler.
 *   <li>A trial is compared by the score of its present weights, not by its best so far, because
 *       what resumes are the present weights.
 *   <li>Equal scores are ordered by the trials' numbers, so that trials that are all equal spend
 *       what the formula says.
 * </ul>
 */
package io.millrace.sweeps.schedule;
