/**
 * The settings that a sweep tries. Begin with {@link io.millrace.sweeps.space.SearchSpace}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A value is a text, as it would stand on the command line. The program that trains knows
 *       what it means; a sweep hands it on, keeps it in its log, and shows it.
 *   <li>The draws are keyed by seed, trial and name, so that a parameter that is added later leaves
 *       the others' values as they were.
 * </ul>
 */
package io.millrace.sweeps.space;
