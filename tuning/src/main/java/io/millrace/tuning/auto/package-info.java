/**
 * Adjusts workers and slots of a training while it runs. Begin with {@link
 * io.millrace.tuning.auto.AutoTuning}, the listener that does it; {@link
 * io.millrace.tuning.auto.AutoController} decides, without threads or a clock, so that it is tested
 * on simulated hours.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A change is tried and measured, not predicted.</b> tf.data's AUTOTUNE predicts from a
 *       model of the pipeline; Plumber (Kuchnik et al., MLSys 2022) found its predictions
 *       unbounded.
 *   <li><b>What the consumer waits is all that can be gained.</b> Nothing is tried while it hardly
 *       waits, so noise alone changes nothing in a training that is limited by its model.
 *   <li><b>Keeping needs evidence, and failing costs patience.</b> A gain must exceed {@link
 *       io.millrace.tuning.auto.Hysteresis}, the more so the fewer windows were measured; the pause
 *       after a change that did not pay doubles.
 *   <li><b>A worker brings its slot.</b> More workers than free slots prepare nothing: with {@code
 *       n} workers and {@code n} slots neither one more worker nor one more slot gains, both do.
 *   <li><b>Never below the start value,</b> and never more workers and compute threads than cores,
 *       nor more slots than the memory holds.
 * </ul>
 */
package io.millrace.tuning.auto;
