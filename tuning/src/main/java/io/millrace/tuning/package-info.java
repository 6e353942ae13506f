/**
 * What limits a training or an inference, and which settings are the fastest on this machine. Begin
 * with {@link io.millrace.tuning.Verdict} for the one, with {@link io.millrace.tuning.Tuner} for
 * the other.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The verdict never names a lever that is not there: more workers only if a core is free, or
 *       if the workers wait for pages rather than compute.
 *   <li>A tuner compares the settings that it proposes by measurement, in turns, with the default
 *       and with a bad one. "Nothing to gain" is an answer.
 *   <li>Where the data is ({@link io.millrace.tuning.Storage}) is decided before threads and slots,
 *       because the costs of both depend on it.
 *   <li>Only what no batch depends on is tuned, so that a tuned training has the same result.
 * </ul>
 */
package io.millrace.tuning;
