/**
 * The subcommands of {@code millrace bench}. Begin with {@link io.millrace.bench.Benchmarks}, which
 * lists them; each has a package of its own.
 *
 * <p>A benchmark consists of a command (options), settings (a record of values), a contest (the
 * contenders take turns, round by round), and a result (a table and JSON). To add a contender, add
 * it where its contest lists them: {@code GatherContest} for gathers, {@code EpochVariant} for
 * epochs, {@code MeanVariant} for means, {@code ImportContest} for imports, {@code SamplerVariant}
 * and {@code explore.Forms} for samplers, {@code Throughput} for the baseline sampler. To add a
 * benchmark, add its command to {@code Benchmarks}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Every measurement has a baseline in the same run, and rounds of all contenders alternate,
 *       so that noise affects all of them equally. Results are medians.
 *   <li>Every result names the machine, the JVM, the commit and the arguments.
 *   <li>No test asserts a time.
 * </ul>
 */
package io.millrace.bench;
