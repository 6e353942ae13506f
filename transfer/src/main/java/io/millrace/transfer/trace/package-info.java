/**
 * Where the time of a pipeline goes: per stage and thread, wall time, CPU time, and what was moved.
 * Begin with {@link io.millrace.transfer.trace.PipelineTrace}. It is always on.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A thread is in one stage at a time.</b> A {@code Track} is notified when its thread
 *       enters a stage, and charges the time since then when the next one is entered. So times are
 *       times of the stage itself: a wait within a stage is a stage of its own, as Plumber (Kuchnik
 *       et al., MLSys 2022, section 4) stops the clock of an operator that calls its child.
 *   <li><b>CPU time by the thread's own clock.</b> Wall time misleads where threads share a core:
 *       Plumber found it wrong by 2.5. Both are recorded, because wall time above CPU time is where
 *       page faults and the disk are.
 *   <li><b>libtorch's threads are not Java's.</b> Their CPU time is that of the process less that
 *       of the tracks, see {@code PipelineMetrics.otherCpuNanos}.
 *   <li><b>One writer per track, no locks.</b> A snapshot may lag by the stage under way.
 *   <li><b>Costs can be injected</b> into a stage, see {@code InjectedCosts}: busy or idle time,
 *       and a rate of bytes. Tests of everything that finds or hides a bottleneck need one that is
 *       known.
 * </ul>
 */
package io.millrace.transfer.trace;
